/** Closing an incident: with what was learnt, and what follows from it. */
import type { InferOutput } from 'valibot';
import type { Env } from '../../config.ts';
import { may, type Staff } from '../../people/permission.ts';
import { StaffDirectory } from '../../people/staff.ts';
import type { closeRequest } from '../../protocol/incidents.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { requireAble } from '../incident-plan.ts';
import { placeOf, taskFrom, underItsKey } from './register.ts';
import { isAbout, notClosable } from './rules.ts';
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

/** Nobody closes what is about themselves, unless nobody else could. @throws {Refusal} not_allowed */
async function requireOther(env: Env, row: IncidentRow, staff: Staff): Promise<void> {
  if (!isAbout(row.things, staff.id)) return;
  const everybody = await new StaffDirectory(env).store.list();
  const isOther = everybody.some(
    (person) =>
      person.state === 'active' &&
      !isAbout(row.things, person.id) &&
      may({ ...person, kind: 'staff' }, 'incident.lead', placeOf(row, person)),
  );
  if (isOther) throw new Refusal('not_allowed', 'This incident is about you. Somebody else has to close it.');
}
