/**
 * What this deployment was given: the only file that reads variables and secrets by name. Everything is checked
 * at the first request, so that a wrong setting is one clear sentence and never half a service.
 */
import { limits } from './protocol/limits.ts';
import { type Jurisdiction, jurisdictions } from './protocol/residency.ts';
import { Keyring, keyTable, Vault, VaultError } from './vault.ts';

/** The bindings of `wrangler.toml`. Object namespaces get their types from the rooms that own the classes. */
export type Env = {
  readonly DB: D1Database;
  readonly KEYS: R2Bucket;
  readonly LEDGER: R2Bucket;
  readonly FILES: R2Bucket;
  readonly COPIES: R2Bucket;
  readonly BACKUPS: R2Bucket;
  readonly ASSETS: Fetcher;
  readonly MAIL: SendEmail;
  readonly SIGN_IN_LIMIT: RateLimit;
  readonly VISITOR_LIMIT: RateLimit;
  readonly Account: DurableObjectNamespace;
  readonly Conversation: DurableObjectNamespace;
  readonly Inbox: DurableObjectNamespace;
  readonly Ledger: DurableObjectNamespace;
  readonly Scratch: DurableObjectNamespace;
  readonly Watch: DurableObjectNamespace;
  readonly RUNS: Workflow;
  readonly ORIGIN: string;
  readonly MAIL_FROM: string;
  readonly JURISDICTION: string;
  readonly POSTS_AT_ONCE: string;
  readonly POSTS_PER_SECOND: string;
  readonly KEYRING: string;
  readonly SETUP_TOKEN: string;
  /** Only where somebody wants the metrics. */
  readonly METRICS_TOKEN?: string;
  /** Only where whoever deploys asks how the security checks stand. */
  readonly CHECKS_TOKEN?: string;
  /** Only where there is a scanner of files; both or neither. */
  readonly SCANNER_URL?: string;
  readonly SCANNER_SECRET?: string;
  /** Only where whoever finds a hole is to be told whom to write to; empty is the same as none. */
  readonly SECURITY_CONTACT?: string;
};

export type Config = {
  /** Sotto's own origin, the issuer of its tokens and the only origin a browser may call it from. */
  readonly origin: string;
  readonly mailFrom: string;
  /** Where everything that is kept lies (src/residency.ts); null: wherever Cloudflare puts it. */
  readonly jurisdiction: Jurisdiction | null;
  readonly setupToken: string;
  /** What opens `/metrics`; null: nothing does. */
  readonly metricsToken: string | null;
  /** What opens `/checks`; null: nothing does. */
  readonly checksToken: string | null;
  /** Who scans files, and the secret by which they and Sotto know each other; null: nobody does. */
  readonly scanner: { readonly url: string; readonly secret: string } | null;
  /** Whom to tell of holes: a `mailto:` or `https:` address; null: nobody is named. */
  readonly securityContact: string | null;
  /** How many posts and other frames one person may send into a room at once, and how many they regain a second. */
  readonly pace: { readonly burst: number; readonly perSecond: number };
};

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What was checked once, which is asked for several times at each request. */
const configs = new WeakMap<Env, Config>();

/** @throws {ConfigError} naming the setting, never its value. */
export function configOf(env: Env): Config {
  const known = configs.get(env);
  if (known !== undefined) return known;
  const config = checked(env);
  configs.set(env, config);
  return config;
}

function checked(env: Env): Config {
  return {
    origin: originOf('ORIGIN', env.ORIGIN),
    mailFrom: mailFromOf(env.MAIL_FROM),
    jurisdiction: jurisdictionOf(env.JURISDICTION),
    setupToken: tokenOf('SETUP_TOKEN', env.SETUP_TOKEN),
    metricsToken: env.METRICS_TOKEN === undefined ? null : tokenOf('METRICS_TOKEN', env.METRICS_TOKEN),
    checksToken: env.CHECKS_TOKEN === undefined ? null : tokenOf('CHECKS_TOKEN', env.CHECKS_TOKEN),
    scanner: scannerOf(env),
    securityContact: contactOf(env.SECURITY_CONTACT),
    pace: {
      // A client sends what it wrote offline in full frames: less at once would refuse it for ever.
      burst: countOf('POSTS_AT_ONCE', env.POSTS_AT_ONCE, limits.postsPerFrame),
      perSecond: countOf('POSTS_PER_SECOND', env.POSTS_PER_SECOND, 1),
    },
  };
}

function originOf(name: string, value: unknown): string {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || url.origin !== value)
    throw new ConfigError(`${name} must be an origin such as https://chat.example.com`);
  const local = url.hostname === 'localhost';
  if (url.protocol !== 'https:' && !local)
    throw new ConfigError(`${name} must be https, except on localhost`);
  return value;
}

/** Half a scanner is a mistake, and not the wish to have none. */
function scannerOf({ SCANNER_URL, SCANNER_SECRET }: Env): Config['scanner'] {
  if (SCANNER_URL === undefined && SCANNER_SECRET === undefined) return null;
  return {
    url: originOf('SCANNER_URL', SCANNER_URL),
    secret: tokenOf('SCANNER_SECRET', SCANNER_SECRET),
  };
}

function contactOf(value: unknown): string | null {
  if (value === undefined || value === '') return null;
  if (typeof value !== 'string' || !/^(?:mailto:[^\s@]+@|https:\/\/)[^\s@]+$/.test(value))
    throw new ConfigError('SECURITY_CONTACT must be a mailto: or https: address');
  return value;
}

function mailFromOf(value: unknown): string {
  if (typeof value !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(value))
    throw new ConfigError('MAIL_FROM must be an e-mail address');
  return value;
}

function jurisdictionOf(value: unknown): Jurisdiction | null {
  if (value === '') return null;
  const known = jurisdictions.find((each) => each === value);
  if (known === undefined)
    throw new ConfigError(`JURISDICTION must be empty, or one of ${jurisdictions.join(', ')}`);
  return known;
}

function tokenOf(name: string, value: unknown): string {
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]{32,}$/.test(value)) {
    throw new ConfigError(`${name} must be at least 32 characters of base64url`);
  }
  return value;
}

function countOf(name: string, value: unknown, least: number): number {
  const count = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (!(count >= least)) throw new ConfigError(`${name} must be a whole number of at least ${least}`);
  return count;
}

/** Keyrings and vaults live as long as the isolate: each is opened once and serves every request after that. */
const keyrings = new Map<string, Keyring>();
const vaults = new Map<string, Vault>();

/** @throws {ConfigError} naming what is wrong with the keyring, never a part of it. */
export async function keyringOf(env: Env): Promise<Keyring> {
  const known = keyrings.get(env.KEYRING);
  if (known !== undefined) return known;
  try {
    const keyring = await Keyring.parse(env.KEYRING);
    keyrings.set(env.KEYRING, keyring);
    return keyring;
  } catch (error) {
    throw new ConfigError(
      `KEYRING must be a keyring: ${error instanceof VaultError ? error.message : 'it is missing'}`,
    );
  }
}

/**
 * The vault of this deployment. Two requests at once may both open it, which is harmless; one that waited for the
 * other's promise would hang if that other request was cancelled.
 */
export async function vaultOf(env: Env): Promise<Vault> {
  const known = vaults.get(env.KEYRING);
  if (known !== undefined) return known;
  const vault = await Vault.open(await keyringOf(env), keyTable(env.DB), Date.now());
  vaults.set(env.KEYRING, vault);
  return vault;
}
