import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { Halt } from '../halt.ts';
import { shown } from '../start/home.ts';
import type { KeyringFile } from './roots.ts';

/** A file with KEYRING alone in it, or with a line KEYRING= among others, as .dev.vars has it. */
export function keyringFile(path: string): KeyringFile {
  const text = () => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      throw new Halt(`${shown(path)} can’t be read: it has to hold your copy of KEYRING.`);
    }
  };
  const keyringIn = (text: string) => parseEnv(text)['KEYRING'] ?? text.trim();
  return {
    name: shown(path),
    read: () => keyringIn(text()),
    write(keyring, aside) {
      const before = text();
      const beside = aside === undefined ? path : `${path}.${aside}`;
      if (beside !== path) put(beside, before);
      put(path, before.replace(keyringIn(before), keyring));
      return shown(beside);
    },
  };
}

/** Whole or not at all, and for nobody else to read. */
function put(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
