/** The conversation's own row: where it stands in the clear, what was said about it sealed, who takes part, its keys. */
import type { ConversationState } from '../../../protocol/frames.ts';
import type { ConversationId, PersonId, SiteId, TeamId, VisitorId } from '../../../protocol/ids.ts';
import type { Asker } from '../../../people/permission.ts';
import { fromBase64url, toBase64url } from '../../../vault.ts';
import { buffer } from './schema.ts';

/** What is sealed of a conversation besides its messages: see `facts.ts`. */
export const factNames = ['page', 'customer', 'tags', 'comment'] as const;
export type FactName = (typeof factNames)[number];

export type ConversationRow = {
  id: ConversationId;
  site: SiteId;
  team: TeamId;
  visitor: VisitorId;
  state: ConversationState;
  assignee: PersonId | null;
  snoozedUntil: number | null;
  /** A legal hold: nothing is taken away before it ends. */
  hold: { by: PersonId; at: number } | null;
  /** Teams that it has left, and the version with which it did, until their inboxes have heard of it. */
  formerTeams: readonly { team: TeamId; version: number }[];
  epoch: string;
  startedAt: number;
  changedAt: number;
  /** How often it changed for an inbox; with the head it gives the inbox a version that only grows. */
  changes: number;
  sealed: Readonly<Record<FactName, Uint8Array>>;
  consent: { version: string; at: number } | null;
  /** The customer's rating, from 1 to 5; its comment is sealed. */
  score: number | null;
};

/** For whom somebody on staff took part: for staff alone with a note, for everybody by claiming or answering. */
export type Part = Asker['kind'];
/** The wrapped key of the numbers from here on; `kept`: the key store has its copy. */
export type KeyRow = { fromSeq: number; record: Uint8Array; kept: boolean };
/** What lies in the row besides: it is written as it is now, whatever else changes. */
export type Beside = { people: ReadonlyMap<PersonId, Part>; keys: readonly KeyRow[] };

export class ConversationRows {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Writes the one row there is, whatever stood in it before. */
  put(row: ConversationRow, { people, keys }: Beside): void {
    const { sealed, consent } = row;
    const values = [
      row.id,
      row.site,
      row.team,
      row.visitor,
      row.state,
      row.assignee,
      row.snoozedUntil,
      row.hold?.by ?? null,
      row.hold?.at ?? null,
      JSON.stringify(row.formerTeams),
      row.epoch,
      row.startedAt,
      row.changedAt,
      row.changes,
      buffer(sealed.page),
      buffer(sealed.customer),
      buffer(sealed.tags),
      buffer(sealed.comment),
      consent?.version ?? null,
      consent?.at ?? null,
      row.score,
      JSON.stringify([...people]),
      JSON.stringify(keys.map(({ fromSeq, record, kept }) => [fromSeq, toBase64url(record), kept])),
    ];
    const places = values.map(() => '?').join(', ');
    this.#sql.exec(`INSERT OR REPLACE INTO conversation VALUES (1, ${places})`, ...values);
  }

  /** Overwrites the wrapped keys before others are put there, because SQLite leaves what it frees as it is. */
  blankKeys(): void {
    this.#sql.exec('UPDATE conversation SET keys = SUBSTR(HEX(ZEROBLOB(LENGTH(keys))), 1, LENGTH(keys))');
  }

  get(): { row: ConversationRow; beside: Beside } {
    const raw = this.#sql.exec<Raw>('SELECT * FROM conversation').one();
    const sealed = factNames.map((name) => [name, new Uint8Array(raw[name])] as const);
    const row: ConversationRow = {
      id: raw.id as ConversationId,
      site: raw.site as SiteId,
      team: raw.team as TeamId,
      visitor: raw.visitor as VisitorId,
      state: raw.state as ConversationState,
      assignee: raw.assignee as PersonId | null,
      snoozedUntil: raw.snoozed_until,
      hold: raw.hold_by === null ? null : { by: raw.hold_by as PersonId, at: raw.hold_at ?? 0 },
      formerTeams: JSON.parse(raw.former_teams) as ConversationRow['formerTeams'],
      epoch: raw.epoch,
      startedAt: raw.started_at,
      changedAt: raw.changed_at,
      changes: raw.changes,
      sealed: Object.fromEntries(sealed) as Record<FactName, Uint8Array>,
      consent:
        raw.consent_version === null ? null : { version: raw.consent_version, at: raw.consent_at ?? 0 },
      score: raw.score,
    };
    return { row, beside: { people: peopleIn(raw.people), keys: keysIn(raw.keys) } };
  }

  /** Who took part, by itself: for whoever needs no more. */
  people(): Beside['people'] {
    return peopleIn(this.#sql.exec<{ people: string }>('SELECT people FROM conversation').one().people);
  }
}

function peopleIn(text: string): Beside['people'] {
  return new Map(JSON.parse(text) as [PersonId, Part][]);
}

function keysIn(text: string): KeyRow[] {
  return (JSON.parse(text) as [number, string, boolean][]).map(([fromSeq, record, kept]) => {
    const bytes = fromBase64url(record);
    if (bytes === undefined) throw new Error('a stored key is no base64url');
    return { fromSeq, record: bytes, kept };
  });
}

type Raw = Record<FactName, ArrayBuffer> & {
  id: string;
  site: string;
  team: string;
  visitor: string;
  state: string;
  assignee: string | null;
  snoozed_until: number | null;
  hold_by: string | null;
  hold_at: number | null;
  former_teams: string;
  epoch: string;
  started_at: number;
  changed_at: number;
  changes: number;
  consent_version: string | null;
  consent_at: number | null;
  score: number | null;
  people: string;
  keys: string;
};
