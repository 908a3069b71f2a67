/** An empty Sotto on this machine, which nobody else reaches and into which downloaded buckets are laid. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namesIn } from '../backup/folder.ts';
import { Backups, keyringFrom } from '../backup/reading.ts';
import { bundleInto } from '../bundle.ts';
import { startWorkerd, type Workerd } from '../engine/workerd.ts';
import { Halt } from '../halt.ts';
import { homeOf } from '../start/home.ts';
import { migrate } from '../start/migrate.ts';

export interface Downloaded {
  /** All of the bucket sotto-backups, as it lies there. */
  readonly backups: string;
  /** All of the bucket sotto-keys. */
  readonly keys: string;
  /** An empty folder, which becomes the home of this Sotto (`SOTTO_HOME`). */
  readonly to: string;
}

export interface Here {
  readonly origin: string;
  readonly token: string;
  end(): Promise<void>;
}

/**
 * Its name is the one that the backups were made under, whatever it answers at.
 * @throws {Halt} where the folder is not empty, or KEYRING is not theirs
 * @throws {Wrong} where a backup is not as it was signed
 */
export async function startHere(
  { backups, keys, to }: Downloaded,
  environment: NodeJS.ProcessEnv,
): Promise<Here> {
  if (existsSync(to) && readdirSync(to).length > 0) throw new Halt(`${to} is not empty.`);
  const newest = (await new Backups(backups, await keyringFrom(environment)).heads()).at(-1);
  if (newest === undefined) throw new Halt(`There is no backup in ${backups}.`);
  const bindings = {
    ORIGIN: originOf(newest.key),
    KEYRING: environment['KEYRING'] ?? '',
    SETUP_TOKEN: randomBytes(32).toString('base64url'),
  };
  const bundle = await mkdtemp(join(tmpdir(), 'sotto-restore-'));
  try {
    const code = await bundleInto(bundle);
    mkdirSync(to, { recursive: true });
    // What lies there is its own: ids, times and counts are in the clear, and KEYRING is beside them.
    chmodSync(to, 0o700);
    const home = homeOf({ ...environment, SOTTO_HOME: to });
    const secrets = `KEYRING=${bindings.KEYRING}\nSETUP_TOKEN=${bindings.SETUP_TOKEN}\n`;
    writeFileSync(home.secrets, secrets, { mode: 0o600 });
    await migrate(home);
    const workerd = await startWorkerd({ code, bindings, state: join(home.state, 'v3') });
    const end = async () => {
      await workerd.stop();
      await rm(bundle, { recursive: true, force: true });
    };
    try {
      await lay(workerd, { BACKUPS: backups, KEYS: keys });
    } catch (error) {
      await end();
      throw error;
    }
    return { origin: workerd.url.origin, token: bindings.SETUP_TOKEN, end };
  } catch (error) {
    await rm(bundle, { recursive: true, force: true });
    await rm(to, { recursive: true, force: true });
    throw error;
  }
}

/** @param key of a manifest, in whose name its host stands: `chat.example.com/backup+…` */
function originOf(key: string): string {
  const [host = ''] = key.split('/backup+', 1);
  return `${/^localhost(?::|$)/.test(host) ? 'http' : 'https'}://${host}`;
}

async function lay(workerd: Workerd, folders: Readonly<Record<string, string>>): Promise<void> {
  for (const [binding, folder] of Object.entries(folders)) {
    const bucket = await workerd.bucket(binding);
    for (const name of namesIn(folder)) await bucket.put(name, await readFile(join(folder, name)));
  }
}
