/** How an incident goes, when the law's clocks run out, and what it takes to close one. Pure. */
import { isId, type PersonId } from '../../protocol/ids.ts';
import {
  type IncidentState,
  incidentStates,
  type LegalClock,
  legalClocks,
  type OpenState,
} from '../../protocol/incidents.ts';
import type { ProfileId } from '../../protocol/laws.ts';
import type { LedgerAction } from '../../protocol/ledger.ts';
import type { RefusalCode } from '../../protocol/refusals.ts';

const hour = 3_600_000;

/** What is told in a timeline whomever it concerns: alarms, and what contains an incident. */
export const timelineActions: readonly LedgerAction[] = [
  'alarm.raise',
  'incident.contain',
  'people.endSessions',
  'me.endSessions',
  'people.change',
  'people.reset',
  'visitor.ban',
  'keys.rotate',
  'keys.renew',
  'keys.discard',
];

/** Until when somebody has to be told; null: the law names no time. @param noticedAt when it became known */
export function dueAt(clock: LegalClock, noticedAt: number): number | null {
  const { hours } = legalClocks[clock];
  return hours === null ? null : noticedAt + hours * hour;
}

/** What runs from when an incident is declared. What is played is told nobody. */
export function clocksOf(isDrill: boolean, profiles: readonly ProfileId[]): LegalClock[] {
  if (isDrill) return [];
  // Whoever has customers in the Union answers to it, and has to say so where they have none.
  return [
    'gdpr.authority',
    'gdpr.people',
    ...(profiles.includes('hipaa') ? (['hipaa.people'] as const) : []),
  ];
}

/** Why it can't go there; undefined: it can. Forward by one, without a reason; back, with one. */
export function notMovable(
  from: IncidentState,
  to: OpenState,
  reason: string | null,
): RefusalCode | undefined {
  if (from === 'closed') return 'incident_closed';
  const steps = incidentStates.indexOf(to) - incidentStates.indexOf(from);
  const isFit = steps === 1 ? reason === null : steps < 0 && reason !== null;
  return isFit ? undefined : 'not_next';
}

/** Why it can't be closed; undefined: it can. */
export function notClosable(
  state: IncidentState,
  clocks: readonly { settledAt: number | null }[],
): RefusalCode | undefined {
  if (state === 'closed') return 'incident_closed';
  if (state !== 'followUp') return 'not_next';
  return clocks.some(({ settledAt }) => settledAt === null) ? 'clock_runs' : undefined;
}

/** Whether an incident is about this person, who then does not close it where somebody else can. */
export function isAbout(things: readonly string[], person: PersonId): boolean {
  return things.some((thing) => isId('person', thing) && thing === person);
}
