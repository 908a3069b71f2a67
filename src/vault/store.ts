import { VaultError } from './error.ts';
import type { KeyTable, ServiceKeyPurpose, ServiceKeyRow } from './service-key.ts';

/** What we use of a D1Database. Said here, because the tools compile without the types of Workers. */
interface Database {
  prepare(sql: string): Statement;
  batch(statements: Statement[]): Promise<unknown>;
}

interface Statement {
  bind(...values: unknown[]): Statement;
  run(): Promise<unknown>;
  all(): Promise<{ results: unknown[] }>;
}

/** What we use of an R2Bucket. */
interface Bucket {
  put(
    name: string,
    bytes: Uint8Array,
    options?: { onlyIf: { etagMatches: string } | { etagDoesNotMatch: string } },
  ): Promise<unknown>;
  get(name: string): Promise<{ etag: string; arrayBuffer(): Promise<ArrayBuffer> } | null>;
  delete(names: string | string[]): Promise<void>;
  list(options: {
    prefix?: string;
    startAfter?: string;
    limit?: number;
  }): Promise<{ objects: { key: string }[]; truncated: boolean }>;
}

interface StoredRow {
  id: number;
  purpose: ServiceKeyPurpose;
  root: number;
  /** D1 gives a BLOB back as a list of numbers. */
  wrapped: ArrayLike<number> | ArrayBuffer;
  state: 'active' | 'retired';
  created_at: number;
  uses: number;
}

/** The table `keys` in D1. That each purpose has one active key is the unique index `keys_active`. */
export function keyTable(db: Database): KeyTable {
  return {
    async all() {
      const rows =
        'SELECT id, purpose, root, wrapped, state, created_at, uses FROM keys ORDER BY created_at, id';
      const { results } = await db.prepare(rows).all();
      return (results as StoredRow[]).map(readRow);
    },

    async insertActive(row) {
      await insert(db, row).run();
    },

    async replaceActive(retired, row) {
      const retire = "UPDATE keys SET state = 'retired' WHERE id = ? AND purpose = ? AND state = 'active'";
      // One batch is one transaction. Where another isolate was first, the update finds nothing to retire and the
      // insert meets that isolate's key.
      await db.batch([db.prepare(retire).bind(retired, row.purpose), insert(db, row)]);
    },

    async rewrap(from, row) {
      const rewrap = 'UPDATE keys SET root = ?, wrapped = ? WHERE id = ? AND root = ?';
      await db.prepare(rewrap).bind(row.root, row.wrapped, row.id, from).run();
    },

    async count(id, uses) {
      await db.prepare('UPDATE keys SET uses = uses + ? WHERE id = ?').bind(uses, id).run();
    },

    async remove(id) {
      await db.prepare("DELETE FROM keys WHERE id = ? AND state = 'retired'").bind(id).run();
    },
  };
}

/**
 * What the command line does to the token keys, for it does not know KEYRING: whoever next looks at the table finds
 * no active key and makes one (`Vault.open`).
 */
export const tokenKeyOrders = {
  /** The active key signs no more, and verifies what it has signed. */
  retire: "UPDATE keys SET state = 'retired' WHERE purpose = 'token' AND state = 'active'",
  /** What the retired ones have signed is worth nothing from here on. */
  discard: "DELETE FROM keys WHERE purpose = 'token' AND state = 'retired'",
} as const;

function insert(db: Database, row: ServiceKeyRow): Statement {
  const insert =
    'INSERT INTO keys (id, purpose, root, wrapped, state, created_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING';
  return db.prepare(insert).bind(row.id, row.purpose, row.root, row.wrapped, row.state, row.createdAt);
}

function readRow(row: StoredRow): ServiceKeyRow {
  const { id, purpose, root, wrapped, state, created_at, uses } = row;
  return { id, purpose, root, wrapped: new Uint8Array(wrapped), state, createdAt: created_at, uses };
}

export type KeyStoreKind =
  'person' | 'visitor' | 'conversation' | 'file' | 'copy' | 'ban' | 'incident' | 'ledger';

/**
 * Copies of data-key records outside every object and backup: a restore needs them, and deleting one here reaches
 * every backup at once. A record is useless without the service keys and roots.
 */
export interface KeyStore {
  /** Keeps the record, in place of an older one. */
  put(kind: KeyStoreKind, id: string, record: Uint8Array): Promise<void>;
  /** Keeps the record, unless there is one: of a deployment that is yet to be put back. */
  add(kind: KeyStoreKind, id: string, record: Uint8Array): Promise<void>;
  /** Keeps the record in place of one that is there; where there is none, or not any more, it does nothing. */
  instead(kind: KeyStoreKind, id: string, record: Uint8Array): Promise<void>;
  /** The record, or nothing: never kept, or erased. */
  get(kind: KeyStoreKind, id: string): Promise<Uint8Array | undefined>;
  /** Erases the record; one that is not there is as good as erased. */
  delete(kind: KeyStoreKind, id: string): Promise<void>;
  /** Erases all records of an owner of several keys. */
  deleteAll(kind: KeyStoreKind, owner: string): Promise<void>;
  /** The names of records behind this one, in their order. */
  names(after: string, most: number): Promise<{ kind: KeyStoreKind; id: string }[]>;
  /** Puts another wrapping in a record's place, if one is made of it, and the record is still the same. */
  change(
    kind: KeyStoreKind,
    id: string,
    make: (record: Uint8Array) => Promise<Uint8Array | undefined>,
  ): Promise<boolean>;
}

/**
 * An R2 bucket without versions, whose objects are named `{kind}/{id}`. An owner of several keys has an id for each,
 * such as `{conversation}/{first seq}`.
 */
export function keyStore(bucket: Bucket): KeyStore {
  return {
    async put(kind, id, record) {
      await bucket.put(nameOf(kind, id), record);
    },
    async add(kind, id, record) {
      await bucket.put(nameOf(kind, id), record, { onlyIf: { etagDoesNotMatch: '*' } });
    },
    async instead(kind, id, record) {
      for (;;) {
        const object = await bucket.get(nameOf(kind, id));
        if (object === null) return;
        // Null: it was erased or wrapped anew meanwhile.
        if (await bucket.put(nameOf(kind, id), record, { onlyIf: { etagMatches: object.etag } })) return;
      }
    },
    async get(kind, id) {
      const object = await bucket.get(nameOf(kind, id));
      return object ? new Uint8Array(await object.arrayBuffer()) : undefined;
    },
    async delete(kind, id) {
      await bucket.delete(nameOf(kind, id));
    },
    async deleteAll(kind, owner) {
      for (;;) {
        const { objects, truncated } = await bucket.list({ prefix: nameOf(kind, `${owner}/`) });
        if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key));
        if (!truncated) return;
      }
    },
    async names(after, most) {
      const { objects } = await bucket.list({ startAfter: after, limit: most });
      return objects.map(({ key }) => {
        const slash = key.indexOf('/');
        return { kind: key.slice(0, slash) as KeyStoreKind, id: key.slice(slash + 1) };
      });
    },
    async change(kind, id, make) {
      const object = await bucket.get(nameOf(kind, id));
      const made = object && (await make(new Uint8Array(await object.arrayBuffer())));
      if (!object || !made) return false;
      // One that was erased meanwhile must not come back.
      await bucket.put(nameOf(kind, id), made, { onlyIf: { etagMatches: object.etag } });
      return true;
    },
  };
}

function nameOf(kind: KeyStoreKind, id: string): string {
  if (id === '') throw new VaultError('input_malformed', `a ${kind} needs an id`);
  return `${kind}/${id}`;
}
