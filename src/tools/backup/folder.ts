/** A folder as a bucket was copied into it. */
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Shelf } from '../../protocol/backup-proof.ts';
import { Halt } from '../halt.ts';

export function shelfIn(folder: string): Shelf {
  return {
    names: () => Promise.resolve(namesIn(folder)),
    read: (name) => fileIn(folder, name),
    async digest(name) {
      const hash = createHash('sha256');
      let bytes = 0;
      try {
        for await (const piece of createReadStream(join(folder, name)) as AsyncIterable<Uint8Array>) {
          hash.update(piece);
          bytes += piece.length;
        }
      } catch (error) {
        nothing(error);
        return undefined;
      }
      return { bytes, sha256: hash.digest('base64') };
    },
  };
}

/** Undefined: there is no such file. */
export async function fileIn(folder: string, name: string): Promise<Uint8Array | undefined> {
  return readFile(join(folder, name)).catch(nothing);
}

export function namesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch {
    throw new Halt(`There is no folder ${folder}.`);
  }
}

function nothing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
