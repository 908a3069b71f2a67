/** The clocks of requests, and what can be done with one as it stands. Pure. */
import { type RequestLaw, requestLaws, type RequestState } from '../../protocol/privacy.ts';
import type { RefusalCode } from '../../protocol/refusals.ts';

type Span = { months: number } | { days: number };

/**
 * How long there is to answer, and how long in all once it was extended (GDPR 12(3); CCPA Regulations 7021; HIPAA, 45
 * CFR 164.524(b)(2)). Counted from when it was asked; a day off at its end gives nobody longer here.
 */
const spans: Record<RequestLaw, { first: Span; extended: Span }> = {
  gdpr: { first: { months: 1 }, extended: { months: 3 } },
  ccpa: { first: { days: 45 }, extended: { days: 90 } },
  hipaa: { first: { days: 30 }, extended: { days: 60 } },
};

/** Until when it has to be answered, in Unix milliseconds. */
export function dueAt(law: RequestLaw, openedAt: number, isExtended: boolean): number {
  const span = spans[law][isExtended ? 'extended' : 'first'];
  const due = new Date(openedAt);
  if ('days' in span) return due.setUTCDate(due.getUTCDate() + span.days);
  const day = due.getUTCDate();
  due.setUTCMonth(due.getUTCMonth() + span.months, 1);
  // From the 31st of January a month is until the last of February.
  return due.setUTCDate(Math.min(day, daysOf(due)));
}

/** The law by whose clock it has to be answered first; where nobody says which laws there are, the GDPR. */
export function firstLaw(laws: readonly RequestLaw[], openedAt: number): RequestLaw {
  const due = (law: RequestLaw) => dueAt(law, openedAt, false);
  const [first, ...others] = requestLaws.filter((law) => laws.includes(law));
  return others.reduce((law, other) => (due(other) < due(law) ? other : law), first ?? 'gdpr');
}

/** Until when it may take at most, once it is extended: the earliest of what these laws allow. */
export function extendedUntil(laws: readonly RequestLaw[], openedAt: number): number {
  return Math.min(...laws.map((law) => dueAt(law, openedAt, true)));
}

function daysOf(month: Date): number {
  return new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate();
}

type Standing = { state: RequestState; extendedAt: number | null; dueAt: number };

/** Why this can't be extended; undefined: it can. Once, and before it is due. */
export function notExtendable({ state, extendedAt, dueAt }: Standing, now: number): RefusalCode | undefined {
  if (state !== 'open' || extendedAt !== null) return 'already_done';
  return now > dueAt ? 'too_late' : undefined;
}

/** Why this can't be answered; undefined: it can. */
export function notAnswerable({ state }: Pick<Standing, 'state'>): RefusalCode | undefined {
  return state === 'open' ? undefined : 'already_done';
}
