/** What somebody has seen between two times, read from their entries (docs/RULES.md, N30 to N33). */
import { quarter, quarterOf } from '../../ledger.ts';
import type { SeenKind, SeenList, SeenThing } from '../../protocol/containment.ts';
import { isId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';
import type { Entry } from '../../protocol/ledger-proof.ts';

/** From the first to the last moment, both of them in it. Unix milliseconds. */
export type Span = { from: number; to: number };

/**
 * `isFolded`: one entry stands for all of it that follows in its quarter of an hour. `isLinked`: what was opened was loaded
 * by a link that went on being good, as often as wanted.
 */
type Kind = { kind: SeenKind | 'list'; isFolded: boolean; isLinked?: boolean };

/** What shows anything of anybody, by its action. Whatever works on a conversation has it read there. */
export const kinds: Readonly<Record<string, Kind>> = {
  'conversation.read': { kind: 'read', isFolded: true },
  'file.open': { kind: 'file', isFolded: false, isLinked: true },
  'copy.open': { kind: 'copy', isFolded: false, isLinked: true },
  'transcript.send': { kind: 'transcript', isFolded: false },
  'conversation.list': { kind: 'list', isFolded: true },
  'visitor.list': { kind: 'list', isFolded: true },
  'privacy.answer': { kind: 'list', isFolded: true },
  'alarms.read': { kind: 'list', isFolded: true },
  'ledger.read': { kind: 'list', isFolded: true },
  'ledger.export': { kind: 'list', isFolded: false },
  'incident.see': { kind: 'list', isFolded: true },
  // It answers with the incident, whether or not it was looked up before.
  'incident.lead': { kind: 'list', isFolded: false },
  'incident.contain': { kind: 'list', isFolded: false },
};

/** From when entries can say something of this time: those of the quarter of an hour, and of the links, that reach into it. */
export function reachOf({ from, to }: Span): Span {
  return { from: Math.min(quarterOf(from) * quarter, from - lifetimes.fileLink), to };
}

export class Seen {
  readonly #span: Span;
  readonly #things = new Map<string, SeenThing>();
  readonly #lists = new Map<string, SeenList>();
  readonly #staff = new Set<string>();

  constructor(span: Span) {
    this.#span = span;
  }

  add(entry: Entry): void {
    const { action, outcome, at, actor, subject, object } = entry;
    if (outcome === 'refused') return;
    const isIn = at >= this.#span.from && at <= this.#span.to;
    if (isIn) for (const id of [subject, object]) if (isId('person', id) && id !== actor) this.#staff.add(id);
    const known = Object.hasOwn(kinds, action) ? kinds[action] : undefined;
    if (known === undefined || !(isIn || reaches(known, at, this.#span))) return;
    if (known.kind === 'list') this.#addList(entry);
    else this.#addThing(entry, known.kind, isIn && outcome === 'done');
  }

  #addList({ action, at }: Entry): void {
    const before = this.#lists.get(action);
    this.#lists.set(action, { action, ...spanned(before, at) });
  }

  #addThing({ object, subject, facts = {}, at }: Entry, kind: SeenKind, certain: boolean): void {
    // A copy is of all that is kept about its customer, whichever copy it is.
    const thing = (kind === 'copy' ? subject : object) ?? '';
    const key = `${kind} ${thing}`;
    const before = this.#things.get(key);
    const conversation = kind === 'file' ? facts['conversation'] : kind === 'copy' ? null : thing;
    this.#things.set(key, {
      ...{ kind, object: thing },
      conversation: typeof conversation === 'string' ? conversation : (before?.conversation ?? null),
      visitor: subject ?? before?.visitor ?? null,
      certain: certain || before?.certain === true,
      ...spanned(before, at),
    });
  }

  /** By when they were seen first. */
  get things(): SeenThing[] {
    return [...this.#things.values()].toSorted((one, other) => one.first - other.first);
  }

  get lists(): SeenList[] {
    return [...this.#lists.values()];
  }

  get staff(): string[] {
    return [...this.#staff];
  }
}

/** An entry from before it, whose quarter of an hour, or whose link, goes on into it. */
function reaches({ isFolded, isLinked = false }: Kind, at: number, { from }: Span): boolean {
  if (at >= from) return false;
  return (isFolded && quarterOf(at) === quarterOf(from)) || (isLinked && at + lifetimes.fileLink >= from);
}

function spanned(before: Pick<SeenList, 'first' | 'last' | 'times'> | undefined, at: number) {
  return {
    first: Math.min(at, before?.first ?? at),
    last: Math.max(at, before?.last ?? at),
    times: (before?.times ?? 0) + 1,
  };
}
