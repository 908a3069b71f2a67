/**
 * The product with meters on it: its own classes, whose rows, calls and wake-ups are counted, and a door at which
 * they are read. It is bundled in the product's place for the cost model alone.
 */
import product, * as classes from '../../../worker.ts';
import { inPlaceOf, replace } from '../../engine/stand-in.ts';
import { emptyMeters, type Meters } from './meters.ts';

type Env = ConstructorParameters<typeof classes.Conversation>[1];
type Kind = 'Account' | 'Conversation' | 'Inbox' | 'Ledger' | 'Watch';

const path = '/meters';
let meters = emptyMeters();
/** Cursors are asked when the meters are read: they count on while they are read themselves. */
const cursors: { kind: Kind; cursor: { rowsRead: number; rowsWritten: number } }[] = [];

function metered(kind: Kind, ctx: DurableObjectState): DurableObjectState {
  meters.objects[kind].wakes += 1;
  const { storage } = ctx;
  const exec = storage.sql.exec.bind(storage.sql) as (
    query: string,
    ...bindings: unknown[]
  ) => SqlStorageCursor<never>;
  replace(storage.sql, 'exec', (query: string, ...bindings: unknown[]) => {
    const cursor = exec(query, ...bindings);
    cursors.push({ kind, cursor });
    return cursor;
  });
  // "Each setAlarm is billed as a single row written."
  const setAlarm = storage.setAlarm.bind(storage);
  replace(storage, 'setAlarm', (at: number) => {
    meters.objects[kind].alarmsSet += 1;
    return setAlarm(at);
  });
  return ctx;
}

function meteredBindings(env: Env): Env {
  return {
    ...env,
    DB: meteredDatabase(env.DB),
    KEYS: meteredBucket(env.KEYS),
    Account: meteredCalls('Account', env.Account),
    Conversation: meteredCalls('Conversation', env.Conversation),
    Inbox: meteredCalls('Inbox', env.Inbox),
    Ledger: meteredCalls('Ledger', env.Ledger),
    Watch: meteredCalls('Watch', env.Watch),
    LEDGER: meteredBucket(env.LEDGER),
    FILES: meteredBucket(env.FILES),
    BACKUPS: meteredBucket(env.BACKUPS),
  };
}

/** A call of an object's method is a request, and so is a fetch. */
function meteredCalls(kind: Kind, namespace: DurableObjectNamespace): DurableObjectNamespace {
  return inPlaceOf(namespace, {
    getByName: (name: string) =>
      new Proxy(namespace.getByName(name), {
        get: (stub, method) => {
          // A method of a stub is itself something that can be reached into, so it is called in its place.
          const callable = stub as unknown as Record<string | symbol, (...given: unknown[]) => unknown>;
          return (...given: unknown[]) => {
            meters.objects[kind].requests += 1;
            return callable[method]?.(...given);
          };
        },
      }),
  });
}

/** Statements stay the platform's own, since a batch takes no others; `first` says nothing of rows, so it asks all. */
function meteredDatabase(db: D1Database): D1Database {
  const count = <Result extends D1Result>(result: Result): Result => {
    meters.database.rowsRead += result.meta.rows_read;
    meters.database.rowsWritten += result.meta.rows_written;
    return result;
  };
  const counting = (statement: D1PreparedStatement): D1PreparedStatement => {
    const all = statement.all.bind(statement);
    const run = statement.run.bind(statement);
    replace(statement, 'all', async () => count(await all()));
    replace(statement, 'run', async () => count(await run()));
    replace(statement, 'first', async (column?: string) => {
      const [row] = count(await all()).results;
      return row === undefined ? null : column === undefined ? row : row[column];
    });
    const bind = statement.bind.bind(statement);
    replace(statement, 'bind', (...values: unknown[]) => counting(bind(...values)));
    return statement;
  };
  return inPlaceOf(db, {
    prepare: (query) => counting(db.prepare(query)),
    batch: async <Row>(statements: D1PreparedStatement[]) => (await db.batch<Row>(statements)).map(count),
  });
}

function meteredBucket(bucket: R2Bucket): R2Bucket {
  return inPlaceOf(bucket, {
    get: (key: string) => {
      meters.keyStore.reads += 1;
      return bucket.get(key);
    },
    put: (key: string, value: ArrayBuffer | string) => {
      meters.keyStore.writes += 1;
      return bucket.put(key, value);
    },
  } as Partial<R2Bucket>);
}

export class Account extends classes.Account {
  constructor(ctx: DurableObjectState, env: Env) {
    super(metered('Account', ctx), meteredBindings(env));
  }
}

export class Conversation extends classes.Conversation {
  constructor(ctx: DurableObjectState, env: Env) {
    super(metered('Conversation', ctx), meteredBindings(env));
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    meters.objects.Conversation.frames += 1;
    super.webSocketMessage(socket, data);
  }

  override async alarm(): Promise<void> {
    meters.objects.Conversation.alarms += 1;
    await super.alarm();
  }
}

export class Inbox extends classes.Inbox {
  constructor(ctx: DurableObjectState, env: Env) {
    super(metered('Inbox', ctx), meteredBindings(env));
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    meters.objects.Inbox.frames += 1;
    await super.webSocketMessage(socket, data);
  }

  override async alarm(): Promise<void> {
    meters.objects.Inbox.alarms += 1;
    await super.alarm();
  }
}

export class Ledger extends classes.Ledger {
  constructor(ctx: DurableObjectState, env: Env) {
    super(metered('Ledger', ctx), meteredBindings(env));
  }

  override async alarm(): Promise<void> {
    meters.objects.Ledger.alarms += 1;
    await super.alarm();
  }
}

export const { Scratch } = classes;

export class Watch extends classes.Watch {
  constructor(ctx: DurableObjectState, env: Env) {
    super(metered('Watch', ctx), meteredBindings(env));
  }

  override async alarm(): Promise<void> {
    meters.objects.Watch.alarms += 1;
    await super.alarm();
  }
}

export class Runs extends classes.Runs {
  constructor(ctx: ExecutionContext, env: Env) {
    super(ctx, meteredBindings(env));
  }
}

/** What was counted since the last reading. */
function read(): Meters {
  for (const { kind, cursor } of cursors.splice(0)) {
    meters.objects[kind].rowsRead += cursor.rowsRead;
    meters.objects[kind].rowsWritten += cursor.rowsWritten;
  }
  const reading = meters;
  meters = emptyMeters();
  return reading;
}

export default {
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname === path) return Response.json(read());
    meters.requests += 1;
    return product.fetch(request, meteredBindings(env), ctx);
  },
} satisfies ExportedHandler<Env>;
