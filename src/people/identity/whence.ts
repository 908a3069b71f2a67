/** Where and on what somebody signs in, no finer than it has to be. */
import Bowser from 'bowser';
import { vaultOf } from '../../config.ts';
import { addressOf, type Ctx } from '../../http.ts';
import type { PersonId } from '../../protocol/ids.ts';
import type { Whence } from '../account.ts';
import { networkPrefix } from '../bans.ts';
import { heldBrowserCookie } from './cookie.ts';

/** Of this person's sign-in. By the browser's secret their account, and nobody else's, knows it again. */
export async function whenceOf(c: Ctx, person: PersonId): Promise<Whence> {
  const secret = heldBrowserCookie(c) ?? newSecret();
  c.set('browser', secret);
  const browser = (await (await vaultOf(c.env)).lookup('browser', `${person}.${secret}`)).toHex();
  return { network: await networkHashOf(c), browser, device: deviceOf(c), country: countryOf(c) };
}

/** The same as it is kept in the ledger, sealed: by what and from where, no finer than a network. */
export function placeOf(c: Ctx): { device: string | null; country: string | null; network: string | null } {
  return { device: deviceOf(c), country: countryOf(c), network: networkHere(c) ?? null };
}

function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: 'base64url', omitPadding: true });
}

function networkHere(c: Ctx): string | undefined {
  return networkPrefix(addressOf(c.req.raw) ?? '');
}

/** As accounts know it: a network stays recognisable and is not kept readable. Whole addresses could be tried by their hash. */
export async function networkHashOf(c: Ctx): Promise<string> {
  return (await (await vaultOf(c.env)).lookup('network', networkHere(c) ?? 'unknown')).toHex();
}

/** The browser's and the system's names, without their versions. */
function deviceOf(c: Ctx): string | null {
  const agent = c.req.header('user-agent') ?? '';
  if (agent === '') return null;
  const { browser, os } = Bowser.parse(agent.slice(0, 512));
  const names = [browser.name, os.name].filter((name) => name !== undefined && name !== '');
  return names.length === 0 ? null : names.join(', ').slice(0, 60);
}

/** ISO 3166-1, as the platform knows it; it says XX and T1 for what is no country. */
function countryOf(c: Ctx): string | null {
  const country = c.req.header('cf-ipcountry') ?? '';
  return /^[A-Z]{2}$/.test(country) && country !== 'XX' ? country : null;
}
