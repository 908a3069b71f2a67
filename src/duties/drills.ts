/** Drills: an incident is played on a stage of its own, and it is measured how soon it is seen, contained and mended. */
import type { Env } from '../config.ts';
import type { DrillScenario, DrillView } from '../protocol/drills.ts';
import { newId, type PersonId } from '../protocol/ids.ts';
import { Refusal } from '../protocol/refusals.ts';
import { newStage } from './drills/stage.ts';
import { type DrillRow, DrillStore } from './played.ts';
import { beginRun } from './runs.ts';

export { playPortion } from './drills/playing.ts';
export { remindOfDrills } from './drills/reminding.ts';

const shown = 50;

/** @throws {Refusal} already_done: one goes on */
export async function beginDrill(
  env: Env,
  by: PersonId,
  scenario: DrillScenario,
  now: number,
): Promise<DrillView> {
  const report = {
    ...{ playedAt: null, alarm: null, declared: null, contained: null, recoveredAt: null, radius: null },
    gaps: [],
  };
  const about = { id: newId('drill'), scenario, begunBy: by, begunAt: now, session: null, overAt: null };
  const row: DrillRow = { ...about, ...newStage(), report };
  if (!(await new DrillStore(env.DB).begin(row))) throw new Refusal('already_done', 'A drill goes on.');
  await beginRun(env, 'played', row.id, now);
  return viewOf(row);
}

/** Those of late, the newest first. */
export async function drills(env: Env): Promise<DrillView[]> {
  return (await new DrillStore(env.DB).list(shown)).map(viewOf);
}

function viewOf({ id, scenario, begunBy, begunAt, overAt, person, report }: DrillRow): DrillView {
  return { id, scenario, begunBy, begunAt, overAt, account: person, report };
}
