import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { Halt } from '../halt.ts';
import { shown } from './home.ts';

const ROOT_BYTES = 32;
const TOKEN_BYTES = 32;

export interface Secrets {
  readonly keyring: string;
  readonly setupToken: string;
}

/** The secrets of this machine's Sotto; makes them where there are none, and never touches those that are there. */
export function ensureSecrets(path: string): Secrets {
  try {
    writeFileSync(path, freshSecrets(), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { KEYRING, SETUP_TOKEN } = parseEnv(readFileSync(path, 'utf8'));
  if (KEYRING === undefined || KEYRING === '' || SETUP_TOKEN === undefined || SETUP_TOKEN === '') {
    throw new Halt(`${shown(path)} must set KEYRING and SETUP_TOKEN; delete it to have new ones made.`);
  }
  return { keyring: KEYRING, setupToken: SETUP_TOKEN };
}

/** Tells one KEYRING from another without saying anything about it. */
export function fingerprintOf(keyring: string): string {
  return createHash('sha256').update(`sotto demo keyring\n${keyring}`).digest('base64url').slice(0, 16);
}

function freshSecrets(): string {
  return [
    '# The secrets of the Sotto on this machine. Without KEYRING its data cannot be read any more.',
    `KEYRING=1:${randomBytes(ROOT_BYTES).toString('base64url')}`,
    `SETUP_TOKEN=${randomBytes(TOKEN_BYTES).toString('base64url')}`,
    '',
  ].join('\n');
}
