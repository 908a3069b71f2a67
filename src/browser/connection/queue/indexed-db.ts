/** The store of a real browser: one database, one object store, rows under person and id. */
import type { Row, Store } from './store.ts';

const name = 'sotto';
let opened: Promise<IDBDatabase> | undefined;

export const inIndexedDb: Store = {
  all: (person) => run('readonly', (rows) => rows.getAll(of(person)) as IDBRequest<Row[]>),
  put: async (row) => {
    await run('readwrite', (rows) => rows.put(row));
  },
  delete: (person, id) => run('readwrite', (rows) => rows.delete([person, id])),
  clear: (person) => run('readwrite', (rows) => rows.delete(of(person))),
};

/** An array sorts behind every string. */
function of(person: string): IDBKeyRange {
  return IDBKeyRange.bound([person], [person, []]);
}

/** Resolves once the transaction is complete: only then is a row written. */
async function run<Result>(
  mode: IDBTransactionMode,
  act: (rows: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const database = await (opened ??= open());
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode);
    const request = act(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
  });
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(name, { keyPath: ['person', 'id'] });
    };
    request.onsuccess = () => {
      const database = request.result;
      // Whoever clears the site's data must not wait for this page; the next row opens it anew.
      database.onclose = database.onversionchange = () => {
        opened = undefined;
        database.close();
      };
      resolve(database);
    };
    request.onerror = () => {
      opened = undefined;
      reject(request.error ?? new Error('denied'));
    };
  });
}
