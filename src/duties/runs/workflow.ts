/** What drives long duties: a Workflow that knows nothing but an id, and does one portion after another. */
import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers';
import type { Env } from '../../config.ts';
import { logFault } from '../../log.ts';
import { backupPortion } from '../backups.ts';
import { copyPortion } from '../copies.ts';
import { erasePortion } from '../privacy.ts';
import { expirePortion } from '../retention.ts';
import { requireResidency } from '../../residency.ts';
import { emergencyPortion, rotationPortion } from '../rotation.ts';
import type { Portion } from '../runs.ts';
import { type Duty, RunStore } from './store.ts';

const portions: Record<Duty, Portion> = {
  retention: expirePortion,
  rotation: rotationPortion,
  emergency: emergencyPortion,
  copy: copyPortion,
  backup: backupPortion,
  erasure: erasePortion,
};

const retries = { limit: 5, delay: '5 seconds', backoff: 'exponential' } as const;
/** Cloudflare allows 1,024 steps an instance; what is longer goes on as another, once it is seen that it stands still. */
const mostSteps = 1_000;

export class Runs extends WorkflowEntrypoint<Env> {
  override async run({ instanceId }: Readonly<WorkflowEvent<unknown>>, step: WorkflowStep): Promise<void> {
    for (let n = 0; n < mostSteps; n++) {
      // What a step returns is kept by the platform: nothing but whether there is more.
      const goesOn = await step.do(`portion ${n}`, { retries }, () => doPortion(this.env, instanceId));
      if (!goesOn) return;
    }
  }
}

async function doPortion(env: Env, id: string): Promise<boolean> {
  await requireResidency(env);
  const store = new RunStore(env.DB);
  const run = await store.find(id);
  if (run === undefined || run.overAt !== null) return false;
  try {
    const { place, done } = await portions[run.duty](env, id, run.place);
    const isMine = await store.move(run, place, done, Date.now());
    return isMine && place !== null;
  } catch (error) {
    logFault(`run.${run.duty}`, error);
    throw error;
  }
}
