/**
 * Rows of the database that are sealed anew, each under a fresh key of its own. The key and all that lies under it change
 * in one transaction, and only if nothing of it has changed since it was read; then the copy in the store of keys does.
 * Whoever seals something under a key stores it only while that is the key (`commitmentIn`).
 */
import { type Env, vaultOf } from '../../config.ts';
import { accountOf } from '../../people/account.ts';
import { banKeyPlace, banPlaces } from '../../people/bans.ts';
import { personKeyPlace, personPlaces } from '../../people/staff.ts';
import { visitorKeyPlace, visitorPlaces } from '../../people/visitor.ts';
import type { BanId, IncidentId, PersonId, RequestId, VisitorId } from '../../protocol/ids.ts';
import { type DataKey, keyStore, type KeyStoreKind, VaultError } from '../../vault.ts';
import { incidentKeyPlace, wordPlace } from '../incidents.ts';
import { requestKeyPlace, requestPlaces } from '../requests.ts';
import { KeyedRows, type Raw } from './store.ts';

/** What lies sealed beside a row, in rows of another table: the column of each, and where it belongs. */
type Beside = {
  table: string;
  of: string;
  id: string;
  column: string;
  placeOf: (of: string, id: string) => Uint8Array;
};
type Keeping = {
  readonly table: string;
  readonly keyPlace: (id: string) => Uint8Array;
  /** The sealed columns, and where each belongs. */
  readonly places: (id: string) => readonly (readonly [string, Uint8Array])[];
  readonly besides?: readonly Beside[];
  /** The name of its copy in the store of keys. */
  readonly copy: (row: Raw) => { kind: KeyStoreKind; id: string };
  /** What others keep for a while that lies under the key of before. */
  readonly forget?: (env: Env, id: string) => Promise<void>;
};

/** So many at most, of which each takes some six requests. */
const atOnce = 50;
/** A row that changes again and again, or whose copy can't be kept, is left, and said. */
const tries = 5;

/** Those without whom nobody gets in come last, so that the shortest time passes until a backup has them again. */
const keepings = {
  bans: {
    table: 'bans',
    keyPlace: (id) => banKeyPlace(id as BanId),
    places: (id) => banPlaces(id as BanId),
    copy: ({ id }) => ({ kind: 'ban', id }),
  },
  requests: {
    table: 'requests',
    keyPlace: (id) => requestKeyPlace(id as RequestId),
    places: (id) => requestPlaces(id as RequestId),
    copy: ({ id, visitor }) => ({ kind: 'visitor', id: `${visitor ?? ''}/${id}` }),
  },
  incidents: {
    table: 'incidents',
    keyPlace: (id) => incidentKeyPlace(id as IncidentId),
    places: (id) =>
      (['title', 'review'] as const).map((word) => [word, wordPlace(id as IncidentId, word)] as const),
    besides: [
      besideIncident('note', 'incident_notes', 'id'),
      besideIncident('task', 'incident_tasks', 'id'),
      besideIncident('clock', 'incident_clocks', 'clock'),
    ],
    copy: ({ id }) => ({ kind: 'incident', id }),
  },
  visitors: {
    table: 'visitors',
    keyPlace: (id) => visitorKeyPlace(id as VisitorId),
    places: (id) => visitorPlaces(id as VisitorId),
    copy: ({ id }) => ({ kind: 'visitor', id }),
  },
  people: {
    table: 'people',
    keyPlace: (id) => personKeyPlace(id as PersonId),
    places: (id) => personPlaces.row(id as PersonId),
    besides: [
      {
        ...{ table: 'passkeys', of: 'person', id: 'id', column: 'name' },
        placeOf: (person, id) => personPlaces.passkey(person as PersonId, id),
      },
    ],
    copy: ({ id }) => ({ kind: 'person', id }),
    forget: async (env, id) => accountOf(env, id as PersonId).forgetPending(),
  },
} satisfies Record<string, Keeping>;

function besideIncident(word: 'note' | 'task' | 'clock', table: string, id: string): Beside {
  return {
    ...{ table, of: 'incident', id, column: 'text' },
    placeOf: (incident, which) => wordPlace(incident as IncidentId, `${word}/${which}`),
  };
}

export type RowsName = keyof typeof keepings;
export const rowsNames = Object.keys(keepings) as RowsName[];

/**
 * Whether what lies in these columns of a row is sealed under this key. One of them is enough: they change together.
 * @param table one of which nothing is known here has nothing that says otherwise
 */
export async function isSealedUnder(
  key: DataKey,
  table: string,
  id: string,
  bytesIn: (column: string) => Uint8Array | undefined,
): Promise<boolean> {
  const keeping = (keepings as Partial<Record<string, Keeping>>)[table];
  for (const [column, place] of keeping?.places(id) ?? []) {
    const sealed = bytesIn(column);
    if (sealed === undefined) continue;
    return key.open(place, sealed).then(
      () => true,
      () => false,
    );
  }
  return true;
}

/** The ids of some rows behind this one. */
export function idsAfter(env: Env, name: RowsName, after: string): Promise<string[]> {
  return new KeyedRows(env.DB, keepings[name].table).idsAfter(after, atOnce);
}

/** @throws {VaultError} something of it does not open */
export async function sealRowAnew(env: Env, name: RowsName, id: string): Promise<void> {
  const keeping: Keeping = keepings[name];
  const rows = new KeyedRows(env.DB, keeping.table);
  for (let n = 1; ; n++) {
    const row = await rows.find(id);
    if (row?.key === undefined || row.key === null) return;
    try {
      const record = await sealedOnce(env, keeping, rows, { ...row, key: row.key });
      const { kind, id: name } = keeping.copy(row);
      await keyStore(env.KEYS).instead(kind, name, record);
      return await keeping.forget?.(env, id);
    } catch (error) {
      // Whatever failed, and whether it was stored or not: another key once more, which gets its copy.
      if (error instanceof VaultError || n === tries) throw error;
    }
  }
}

/** @returns the record of its new key @throws it has changed meanwhile, and stays as it is */
async function sealedOnce(
  env: Env,
  { keyPlace, places, besides = [] }: Keeping,
  rows: KeyedRows,
  row: Raw & { key: number[] },
): Promise<Uint8Array> {
  const { id } = row;
  const vault = await vaultOf(env);
  const from = await vault.dataKey(keyPlace(id), Uint8Array.from(row.key));
  const { key: to, record } = await vault.newDataKey(keyPlace(id));
  const columns = await Promise.all(
    places(id).map(async ([column, place]) => {
      const before = bytesOf(row[column]);
      return { column, before, after: before && (await resealed(from, to, place, before)) };
    }),
  );
  const others = await Promise.all(
    besides.map(async (at) => {
      const beside = await rows.beside(at, id);
      const anew = beside.map(async ({ id: other, sealed }) => {
        const before = Uint8Array.from(sealed);
        return { id: other, before, after: await resealed(from, to, at.placeOf(id, other), before) };
      });
      return { ...at, rows: await Promise.all(anew) };
    }),
  );
  const all = [{ column: 'key', before: Uint8Array.from(row.key), after: record }, ...columns];
  if (!(await rows.replace(id, all, others))) throw new Error('a row has changed');
  return record;
}

async function resealed(
  from: DataKey,
  to: DataKey,
  place: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  return to.seal(place, await from.open(place, sealed));
}

/** D1 gives blobs as arrays of numbers. */
function bytesOf(cell: Raw[string]): Uint8Array | null {
  return Array.isArray(cell) ? Uint8Array.from(cell) : null;
}
