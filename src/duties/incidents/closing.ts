/** Closing an incident: with what was learnt, and what follows from it. */
import type { InferOutput } from 'valibot';
import type { Env } from '../../config.ts';
import type { Staff } from '../../people/permission.ts';
import type { closeRequest } from '../../protocol/incidents.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { requireAble } from '../incident-plan.ts';
import { requireOther } from './about.ts';
import { taskFrom, underItsKey } from './register.ts';
import { notClosable } from './rules.ts';
import { type IncidentRow, IncidentStore } from './store.ts';

/** @throws {Refusal} not_allowed, incident_closed, not_next, clock_runs, not_found: of people who can have no part in it, invalid */
export async function close(
  env: Env,
  row: IncidentRow,
  staff: Staff,
  { review, actions }: InferOutput<typeof closeRequest>,
  now: number,
): Promise<void> {
  const store = new IncidentStore(env.DB);
  const refused = notClosable(row.state, await store.clocks(row.id));
  if (refused !== undefined) throw new Refusal(refused);
  await requireOther(env, row, staff);
  if (actions.some(({ dueAt }) => dueAt <= now)) throw new Refusal('invalid', 'actions: not in the future');
  await requireAble(
    env,
    actions.map(({ person }) => person),
  );
  const isClosed = await underItsKey(env, row, async (words, keyed) => {
    const sealed = await words.seal('review', review);
    const tasks = await Promise.all(actions.map((action) => taskFrom(words, { phase: 'after', ...action })));
    return store.close(keyed, { by: staff.id, at: now, review: sealed }, tasks);
  });
  if (!isClosed) throw new Refusal('not_next');
}
