/**
 * What the ledger holds of an incident, looked up each time: what concerns it or anything that it names, alarms, and what
 * contains one. What is personal in it stays in the ledger.
 */
import type { Env } from '../../config.ts';
import { archiveMark, entriesConcerning } from '../../ledger.ts';
import type { TimelineAnswer } from '../../protocol/incidents.ts';
import { limits } from '../../protocol/limits.ts';
import { timelineActions } from './rules.ts';
import type { IncidentRow } from './store.ts';

export async function timelineOf(
  env: Env,
  { id, alarm, things, beganAt, closedAt }: IncidentRow,
  before: string | undefined,
): Promise<TimelineAnswer> {
  const about = [id, ...things, ...(alarm === null ? [] : [alarm])];
  const to = closedAt === null ? undefined : closedAt + 1;
  const concerned = { about, action: timelineActions, from: beganAt, to };
  const page = await entriesConcerning(env, concerned, before, limits.incidentTimeline);
  const archive = await archiveMark(env, Date.now());
  return { ...page, archive, entries: page.entries.map((entry) => ({ ...entry, personal: null })) };
}
