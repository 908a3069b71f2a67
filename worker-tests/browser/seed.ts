/** Makes the demo once for a whole run: each story begins with a copy of it, which nobody else has touched. */
import { rmSync } from 'node:fs';
import { Sotto } from './sotto.ts';

export default async function seed(): Promise<() => void> {
  const sotto = new Sotto(29_000 + 2 * (process.pid % 500), { SOTTO_END_WITH_PARENT: '1' });
  await sotto.start();
  await sotto.stop();
  const { folder } = sotto.home;
  process.env['SOTTO_SEED'] = folder;
  return () => {
    rmSync(folder, { recursive: true });
  };
}
