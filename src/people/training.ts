/** Which lessons are asked of staff, and what that closes to whom: the facts that the permission rule reads. */
import type { Env } from '../config.ts';
import type { PersonId } from '../protocol/ids.ts';
import { closedOf, type Gate, type Gates, gatesBehind } from '../protocol/training.ts';
import { type AskedRow, TrainingStore } from './training/store.ts';

export type { AskedRow, AssignedRow } from './training/store.ts';

/** The rows themselves, for what assigns lessons and marks their answers. */
export function trainingStore(env: Env): TrainingStore {
  return new TrainingStore(env.DB);
}

/** Until when what lessons stand before is open to each of these people. */
export async function gatesOf(env: Env, ids: readonly PersonId[]): Promise<Map<PersonId, Gates>> {
  const asked = Map.groupBy(await trainingStore(env).askedOf(ids), ({ person }) => person);
  return new Map(ids.map((id) => [id, gatesBehind(asked.get(id) ?? [])]));
}

/** What is closed to each of these people now. */
export async function closedTo(
  env: Env,
  ids: readonly PersonId[],
  now: number,
): Promise<Map<PersonId, Gate[]>> {
  const open = await gatesOf(env, ids);
  return new Map(ids.map((id) => [id, closedOf(open.get(id), now)]));
}

/** What is asked of each person, by the person. */
export function byPerson(rows: readonly AskedRow[]): Map<PersonId, AskedRow[]> {
  return Map.groupBy(rows, ({ person }) => person);
}
