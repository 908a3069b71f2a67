/** Backups as whoever has downloaded them has them: a folder, and with KEYRING what lies in it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { partsName, readList } from '../../protocol/backup-proof.ts';
import { Keyring, openBackup } from '../../vault.ts';
import { type Outcome, run } from '../command.ts';
import { ROOT } from '../project.ts';
import { objectsIn } from './stored.ts';

const PATIENCE_SECONDS = 600;

/** Copies a bucket of a deployment that is down, as `rclone copy` would. @param bucket its name in wrangler.toml */
export function download(state: string, bucket: 'sotto-backups' | 'sotto-keys', folder: string): void {
  for (const { key, read } of objectsIn(state, bucket)) {
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, read());
  }
}

/** As a stranger does, with the folder alone. */
export function verify(folder: string): Promise<Outcome> {
  const tool = join(ROOT, 'src/tools/backup.ts');
  return run(process.execPath, [tool, 'verify', folder], { timeoutSeconds: PATIENCE_SECONDS });
}

export type Line = Readonly<Record<string, unknown>>;

/** Every row that one backup holds, part by part, in their order. */
export async function* linesOf(folder: string, number: number, keyring: string): AsyncGenerator<Line[]> {
  const roots = await Keyring.parse(keyring);
  for (const part of readList(readFileSync(join(folder, partsName(number)), 'utf8'))) {
    // Objects of other buckets lie there as they are.
    if (part === undefined || part.name.startsWith('objects/')) continue;
    const text = gunzipSync(
      await openBackup(roots, part.name, readFileSync(join(folder, part.name))),
    ).toString();
    yield text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  }
}
