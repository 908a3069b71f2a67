/** One's own sign-in: every way in, and where one is signed in. */
import { useEffect, useRef } from 'preact/hooks';
import type { MyAnswer } from '../../../protocol/sign-in.ts';
import { Loaded, useLoading } from '../form/loaded.tsx';
import { homeAddress } from '../route.ts';
import type { Session } from '../session.ts';
import { Address } from './address.tsx';
import { Authenticator } from './authenticator.tsx';
import './me.css';
import { OwnerKey } from './owner-key.tsx';
import { Passkeys } from './passkeys.tsx';
import { Password } from './password.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { Sessions } from './sessions.tsx';
import { words } from './words.ts';

export function MySignIn({ api }: { api: Session['api'] }) {
  const loading = useLoading('my sign-in', () => api.get<MyAnswer>('/api/v1/me/sign-in'));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main class="me">
      <div class="me-content">
        <a class="back-link" href={homeAddress}>
          <span aria-hidden="true">←</span> {words.back}
        </a>
        <h2 ref={heading} tabIndex={-1}>
          {words.title}
        </h2>
        <p class="soft">{words.intro}</p>
        <Loaded of={loading}>
          {(mine) => {
            const part = { api, mine, again: loading.again };
            return (
              <>
                <Passkeys {...part} />
                <Authenticator {...part} />
                <RecoveryCodes {...part} />
                {mine.ownerKey !== null && <OwnerKey {...part} />}
                <Password {...part} />
                <Address {...part} />
                <Sessions {...part} />
              </>
            );
          }}
        </Loaded>
      </div>
    </main>
  );
}
