/** Backups over HTTP: how they stand, and having one made. What was put back from them stands there too. */
import { Hono } from 'hono';
import type { Env } from '../../config.ts';
import { bodyOf, type Http } from '../../http.ts';
import { allow, staffOf } from '../../people/guard.ts';
import { note } from '../../people/recording.ts';
import type { BackupsAnswer, BackupView } from '../../protocol/backups.ts';
import { emptyRequest } from '../../protocol/bodies.ts';
import { verifierKey } from '../../protocol/ledger-proof.ts';
import { backUpNow } from '../backups.ts';
import { drillStanding, returnOf } from '../restore.ts';
import { runOf } from '../runs.ts';
import { signerOf } from './closing.ts';
import { stageAt } from './making.ts';
import { type Backup, isMissing, nextNight } from './rules.ts';
import { BackupStore } from './store.ts';

export const backupRoutes = new Hono<Http>()
  .get('/backups', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'backup.begin');
    return c.json<BackupsAnswer>(await standing(c.env, Date.now()));
  })

  .post('/backups', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'backup.begin');
    await bodyOf(c, emptyRequest);
    const now = Date.now();
    note(c, { facts: { number: await backUpNow(c.env, now) } });
    return c.json<BackupsAnswer>(await standing(c.env, now), 202);
  });

async function standing(env: Env, now: number): Promise<BackupsAnswer> {
  const all = await new BackupStore(env.DB).all();
  return {
    backups: await Promise.all(all.toReversed().map((backup) => viewOf(env, backup, now))),
    nextAt: nextNight(now),
    isMissing: isMissing(all, now),
    key: verifierKey(await signerOf(env)),
    ...(await drillStanding(env, now)),
    back: await returnOf(env, now),
  };
}

async function viewOf(env: Env, backup: Backup, now: number): Promise<BackupView> {
  const { number, isFull, state, begunAt, overAt, parts, bytes, hash, wrong } = backup;
  const view = { number, isFull, state, begunAt, overAt, parts, bytes, manifest: hash, wrong, stage: null };
  if (state !== 'making') return view;
  const run = await runOf(env, backup.run, now);
  return { ...view, parts: parts ?? run?.done ?? 0, stage: stageAt(run?.place ?? null) };
}
