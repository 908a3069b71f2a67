/** What drives long duties: a Workflow that knows nothing but a run's id, and does one portion after another. */
import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers';
import type { Env } from '../../config.ts';
import { logFault } from '../../log.ts';
import { archivePortion, isArchiveHeld } from '../audit.ts';
import { backupPortion } from '../backups.ts';
import { checkPortion } from '../checks.ts';
import { withdrawPortion } from '../consents.ts';
import { copyPortion } from '../copies.ts';
import { erasePortion, restrictPortion } from '../privacy.ts';
import { playPortion } from '../drills.ts';
import { drillPortion, isBeingPutBack, restorePortion, returnPortion } from '../restore.ts';
import { expirePortion } from '../retention.ts';
import { heldNow } from '../../people/containment.ts';
import { requireResidency } from '../../residency.ts';
import { emergencyPortion, rotationPortion } from '../rotation.ts';
import type { Portion } from '../runs.ts';
import { remindPortion } from '../training.ts';
import { type Driven, type Duty, RunStore } from './store.ts';

const portions: Record<Duty, Portion> = {
  retention: expirePortion,
  rotation: rotationPortion,
  emergency: emergencyPortion,
  copy: copyPortion,
  backup: backupPortion,
  erasure: erasePortion,
  restriction: restrictPortion,
  withdrawal: withdrawPortion,
  restore: restorePortion,
  return: returnPortion,
  drill: drillPortion,
  checks: checkPortion,
  played: playPortion,
  reminders: remindPortion,
  archive: archivePortion,
};

const retries = { limit: 5, delay: '5 seconds', backoff: 'exponential' } as const;
/**
 * Cloudflare counts what an instance asks of others over all of its steps, and allows 10,000 requests. A portion takes
 * some hundreds, so that what is longer goes on as another instance.
 */
const mostPortions = 10;

export class Runs extends WorkflowEntrypoint<Env, Driven> {
  override async run(
    { payload: { run } }: Readonly<WorkflowEvent<Driven>>,
    step: WorkflowStep,
  ): Promise<void> {
    for (let n = 0; n < mostPortions; n++) {
      // What a step returns is kept by the platform: nothing but whether there is more.
      const goesOn = await step.do(`portion ${n}`, { retries }, () => doPortion(this.env, run));
      if (!goesOn) return;
    }
    // Done twice, two of them drive it, and one stops.
    await step.do('go on', { retries }, async () => {
      await this.env.RUNS.create({ params: { run } satisfies Driven });
    });
  }
}

async function doPortion(env: Env, id: string): Promise<boolean> {
  await requireResidency(env);
  const store = new RunStore(env.DB);
  const run = await store.find(id);
  if (run === undefined || run.overAt !== null) return false;
  if (run.duty !== 'restore' && (await isBeingPutBack(env))) return false;
  // It stays where it is, and whoever sees to those that stand still asks again.
  if (run.duty === 'copy' && (await heldNow(env)).modes.has('exports')) return false;
  if (run.duty === 'archive' && (await isArchiveHeld(env))) return false;
  try {
    const { place, done } = await portions[run.duty](env, id, run.place);
    const isMine = await store.move(run, place, done, Date.now());
    return isMine && place !== null;
  } catch (error) {
    logFault(`run.${run.duty}`, error);
    throw error;
  }
}
