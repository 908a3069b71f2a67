/** Whether a backup that is damaged is refused, tried with a damaged copy of the newest one that lies nowhere. */
import type { Env } from '../../config.ts';
import { readHead, type Shelf, Wrong } from '../../protocol/backup-proof.ts';
import { BackupStore } from '../backups.ts';
import { BackupReader } from './reading.ts';

/** `wrong`: where it is not what was signed, in words; null: nobody noticed. Undefined: there is no backup. */
export async function tryDamaged(env: Env): Promise<{ number: number; wrong: string | null } | undefined> {
  const number = (await new BackupStore(env.DB).all()).findLast(({ state }) => state === 'whole')?.number;
  if (number === undefined) return undefined;
  const reader = new BackupReader(env);
  const { shelf } = reader;
  const damaged: Shelf = {
    names: () => shelf.heads(),
    digest: (name: string) => shelf.digest(name),
    read: async (name: string) => {
      const bytes = await shelf.read(name);
      return bytes?.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 1);
    },
  };
  try {
    await readHead(damaged, number, await reader.trusted());
    return { number, wrong: null };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { number, wrong: `${error.where} ${error.message}` };
  }
}
