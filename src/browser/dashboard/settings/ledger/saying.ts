/** An entry in plain words. */
import {
  type LedgerAction,
  type LedgerEntry,
  ownActions,
  type RecordedRefusal,
} from '../../../../protocol/ledger.ts';
import { permissions } from '../../../../protocol/permissions.ts';
import { words } from './words.ts';

/** What somebody or something with this id is called. */
export type NameOf = (id: string) => string;

/** What was done or tried, beginning with a capital. */
export function whatOf({ action, facts }: Pick<LedgerEntry, 'action' | 'facts'>): string {
  const text = atDoor(facts['door']) ?? meaningOf(action);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function atDoor(door: unknown): string | undefined {
  return (words.doors as Readonly<Record<string, string>>)[String(door)];
}

/** In words that finish “to”. */
export function meaningOf(action: string): string {
  const own: Readonly<Partial<Record<string, string>>> = ownActions;
  const permitted: Readonly<Partial<Record<string, { means: string }>>> = permissions;
  return own[action] ?? permitted[action]?.means ?? words.unreadable;
}

/** Who did it: somebody, nobody who was known, or Sotto by itself. */
export function actorOf({ actor, action }: Pick<LedgerEntry, 'actor' | 'action'>, nameOf: NameOf): string {
  if (actor !== null) return nameOf(actor);
  return bySotto.some((each) => each === action) ? words.sotto : words.nobody;
}

const bySotto: readonly LedgerAction[] = ['conversation.sealed', 'keys.renew'];

/** What became of it, with how often it was tried. */
export function outcomeOf({ outcome, facts }: Pick<LedgerEntry, 'outcome' | 'facts'>): string {
  const { count } = facts;
  const often = typeof count === 'number' && count > 1 ? ` ${words.times(count)}` : '';
  return `${words.outcomes[outcome]}${often}`;
}

/** Why it was not done; null where it was. */
export function reasonOf({ outcome, facts }: Pick<LedgerEntry, 'outcome' | 'facts'>): string | null {
  if (outcome === 'done') return null;
  if (outcome !== 'refused') return words[outcome];
  const { code } = facts;
  return words.reasons[code as RecordedRefusal] ?? String(code);
}

/** What and whom it was done to, where that is not whoever did it. */
export function thingsOf({ actor, object, subject }: LedgerEntry): string[] {
  const concerns = subject?.startsWith('per_') === true && subject !== object ? subject : null;
  return [object, concerns].filter((id): id is string => id !== null && id !== actor);
}

/** What else is known of it: a name for each, and what it says. */
export function factsOf(
  { facts }: Pick<LedgerEntry, 'facts'>,
  nameOf: NameOf,
): [name: string, text: string][] {
  const names: Readonly<Partial<Record<string, string>>> = words.facts;
  // Why and how often is said with what became of it.
  const { code, count, ...others } = facts;
  return Object.entries(others).map(([name, value]) => [names[name] ?? name, said(value, nameOf)]);
}

function said(value: LedgerEntry['facts'][string] | undefined, nameOf: NameOf): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  const values: Readonly<Partial<Record<string, string>>> = words.values;
  return [value]
    .flat()
    .map(String)
    .map((each) => values[each] ?? nameOf(each))
    .join(', ');
}
