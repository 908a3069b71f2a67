/** A mail whose text is an OpenPGP message (PGP/MIME, RFC 3156, 4). */
import { sealPgpText } from '../../vault.ts';

type Wish = { from: string; to: string; text: string; key: string };

/** All of the mail. Its subject stands in the clear, and says nothing. @throws {PgpError} */
export async function sealedMail({ from, to, text, key }: Wish, now: number): Promise<string> {
  const boundary = `sealed-${crypto.randomUUID()}`;
  const sealed = await sealPgpText(key, partWith(text), now);
  const date = new Date(now).toUTCString().replace('GMT', '+0000');
  return [
    ...[`From: ${from}`, `To: ${to}`, 'Subject: Your conversation', `Date: ${date}`],
    ...[`Message-ID: <${crypto.randomUUID()}@${from.split('@')[1] ?? ''}>`, 'MIME-Version: 1.0'],
    `Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="${boundary}"`,
    ...['', `--${boundary}`, 'Content-Type: application/pgp-encrypted', '', 'Version: 1', ''],
    ...[`--${boundary}`, 'Content-Type: application/octet-stream; name="encrypted.asc"', ''],
    ...[...sealed.trim().split(/\r?\n/), '', `--${boundary}--`, ''],
  ].join('\r\n');
}

/** What is sealed, with the headers by which a mail program shows it. */
function partWith(text: string): string {
  const lines =
    new TextEncoder()
      .encode(text)
      .toBase64()
      .match(/.{1,76}/g) ?? [];
  const headers = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'];
  return [...headers, '', ...lines, ''].join('\r\n');
}
