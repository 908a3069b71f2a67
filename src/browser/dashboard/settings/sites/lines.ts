/** What a website's developer copies: how the chat gets onto a page, and how a server says who its customer is. */
import type { IdentityAlgorithm } from '../../../../protocol/visitors.ts';

/** Where the examples have a server answer for its customer. */
const vouchPath = '/chat-customer';

/** @param vouches whether the site's own server says who is signed in there */
export function loaderLine(site: string, { vouches = false, sotto = location.origin } = {}): string {
  const more = vouches ? ` data-vouch="${vouchPath}"` : '';
  return `<script src="${sotto}/loader.js" data-site="${site}"${more} defer></script>`;
}

const keyLines: Record<'secret' | 'private', (alg: IdentityAlgorithm) => string> = {
  secret: () => 'const key = new TextEncoder().encode(process.env.SOTTO_SECRET);',
  private: (alg) => `const key = await importPKCS8(process.env.SOTTO_PRIVATE_KEY, '${alg}');`,
};

/** For Node.js with the package `jose`. */
export function signingLines(site: string, alg: IdentityAlgorithm): string {
  const kind = alg === 'HS256' ? 'secret' : 'private';
  return `import { ${kind === 'secret' ? '' : 'importPKCS8, '}SignJWT } from 'jose';

${keyLines[kind](alg)}

export function tokenFor({ id, name, email }) {
  return new SignJWT({ name, email })
    .setProtectedHeader({ alg: '${alg}' })
    .setAudience('${site}')
    .setSubject(String(id))
    .setJti(crypto.randomUUID())
    .setExpirationTime('5m')
    .sign(key);
}

// In Express, for example: a token for whoever is signed in, nothing for the others.
// app.get('${vouchPath}', async ({ session }, response) => {
//   response.set('Cache-Control', 'no-store');
//   if (session.customer) response.type('text').send(await tokenFor(session.customer));
//   else response.status(204).end();
// });`;
}
