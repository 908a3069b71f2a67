/** An authenticator app's secret, to be scanned or typed. */
import type { EnrolmentAnswer } from '../../../protocol/sign-in.ts';
import { words } from '../words.ts';
import { QrCode } from './qr-code.tsx';
import './secret.css';

export function Secret({ secret, uri }: EnrolmentAnswer) {
  return (
    <>
      <QrCode text={uri} label={words.enrolQr} />
      <p class="soft">{words.enrolByHand}</p>
      <code class="secret">{secret.match(/.{1,4}/g)?.join(' ') ?? secret}</code>
    </>
  );
}
