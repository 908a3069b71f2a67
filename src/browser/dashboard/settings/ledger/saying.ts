/** An entry in plain words. */
import {
  type LedgerAction,
  ledgerActions,
  type LedgerEntry,
  ownActions,
} from '../../../../protocol/ledger.ts';
import { type Action, permissions } from '../../../../protocol/permissions.ts';
import { words } from './words.ts';

/** What somebody or something with this id is called. */
export type NameOf = (id: string) => string;

/** What the server says of a row that it never wrote. */
const unreadable = 'unreadable';

/** What was done or tried, beginning with a capital. */
export function whatOf({ action, facts }: Pick<LedgerEntry, 'action' | 'facts'>): string {
  const meaning = endedBy({ action, facts }) ?? atDoor(facts['door']) ?? meaningOf(action);
  const text = facts['silent'] === true ? words.silently(meaning) : meaning;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** What one door begins and ends. */
function endedBy({ action, facts }: Pick<LedgerEntry, 'action' | 'facts'>): string | undefined {
  if (facts['on'] !== false) return undefined;
  if (action === 'conversation.hold') return words.holdEnded;
  return facts['door'] === 'PUT /visitors/:id/restriction' ? words.restrictionLifted : undefined;
}

function atDoor(door: unknown): string | undefined {
  return wordsFor(String(door), words.doors);
}

/** In words that finish “to”. */
export function meaningOf(action: string): string {
  const known = ledgerActions.find((each) => each === action);
  if (known === undefined) return words.unreadable;
  return known in ownActions
    ? ownActions[known as keyof typeof ownActions]
    : permissions[known as Action].means;
}

/** Rows may say anything that somebody has written into the database by hand. */
function wordsFor(name: string, all: Readonly<Record<string, string>>): string | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

/** Who did it: somebody, nobody who was known, or Sotto by itself. */
export function actorOf({ actor, action }: Pick<LedgerEntry, 'actor' | 'action'>, nameOf: NameOf): string {
  if (actor !== null) return nameOf(actor);
  return bySotto.some((each) => each === action) ? words.sotto : words.nobody;
}

const bySotto: readonly LedgerAction[] = [
  'keys.renew',
  'keys.discard',
  'keys.adopt',
  'conversation.reseal',
  'alarm.raise',
  'ledger.check',
  'conversation.expire',
  'retention.report',
  'backup.make',
  'backup.restore',
  'backup.return',
  'backup.drill',
  'incident.drill',
  'file.block',
  'checks.look',
  'conversation.erase',
  'privacy.erase',
  'privacy.stop',
];

/** What became of it, with how often it was tried. */
export function outcomeOf({
  action,
  outcome,
  facts,
}: Pick<LedgerEntry, 'action' | 'outcome' | 'facts'>): string {
  if (action === unreadable) return '';
  const { count } = facts;
  const often = typeof count === 'number' && count > 1 ? ` ${words.times(count)}` : '';
  return `${words.outcomes[outcome]}${often}`;
}

/** Why it was not done; null where it was. */
export function reasonOf({
  action,
  outcome,
  facts,
}: Pick<LedgerEntry, 'action' | 'outcome' | 'facts'>): string | null {
  if (outcome === 'done' || action === unreadable) return null;
  if (outcome !== 'refused') return words[outcome];
  const code = String(facts['code']);
  return wordsFor(code, words.reasons) ?? code;
}

/** What and whom it was done to, where that is not whoever did it; of a file also where it was sent. */
export function thingsOf({ actor, object, subject, facts }: LedgerEntry): string[] {
  const concerns = subject?.startsWith('per_') === true && subject !== object ? subject : null;
  const sentIn = typeof facts['conversation'] === 'string' ? facts['conversation'] : null;
  return [object, sentIn, concerns].filter((id): id is string => id !== null && id !== actor);
}

/** What else is known of it: a name for each, and what it says. */
export function factsOf(
  { facts }: Pick<LedgerEntry, 'facts'>,
  nameOf: NameOf,
): [name: string, text: string][] {
  const others = Object.entries(facts).filter(([name]) => !saidAbove.includes(name));
  return others.map(([name, value]) => [wordsFor(name, words.facts) ?? name, said(value, nameOf)]);
}

/** What is said with what was done, where, and what became of it. */
const saidAbove = ['code', 'count', 'conversation', 'on'];

function said(value: LedgerEntry['facts'][string] | undefined, nameOf: NameOf): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  return [value]
    .flat()
    .map(String)
    .map((each) => wordsFor(each, words.values) ?? nameOf(each))
    .join(', ');
}
