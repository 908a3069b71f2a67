/**
 * The product with faults in it: its own classes, whose storage, alarms, database and key store fail now and then,
 * and a door through which faults are ordered. It is bundled in the product's place for the fault harness alone.
 */
import { env as bindings } from 'cloudflare:workers';
import { doDuties } from '../../../schedule.ts';
import product, * as classes from '../../../worker.ts';
import { inPlaceOf, replace } from '../../engine/stand-in.ts';
import type { FaultAnswer, FaultOrder, Rates, StoredRun } from './faults.ts';

type Env = ConstructorParameters<typeof classes.Conversation>[1];

/** An alarm that would come in a minute comes in a second, so that a short run sees many. */
const hurry = 60;
const path = '/chaos';

let rates: Rates = { write: 0, transaction: 0, collapse: 0, remote: 0 };
// How far this server's clock is off, in milliseconds: what is old has to have been made then.
const off = Number((bindings as { CLOCK?: string }).CLOCK ?? 0);
const now = Date.now.bind(Date);
if (off !== 0) Date.now = () => now() + off;

let until = 0;
let state = 1;
let struck = 0;

function strikes(what: keyof Rates): boolean {
  if (rates[what] === 0 || Date.now() >= until) return false;
  // Mulberry32.
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  const hit = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 < rates[what];
  if (hit) struck += 1;
  return hit;
}

class Fault extends Error {
  override readonly name = 'Fault';
}

/** Storage that fails as a full or broken disk would: at a statement, at a commit, or with the whole object. */
function brittle(ctx: DurableObjectState): DurableObjectState {
  const { storage } = ctx;
  const { sql } = storage;
  const exec = sql.exec.bind(sql) as (query: string, ...bindings: unknown[]) => unknown;
  replace(sql, 'exec', (query: string, ...bindings: unknown[]) => {
    if (/^\s*(?:INSERT|UPDATE|DELETE|CREATE|ALTER)/.test(query)) {
      if (strikes('write')) throw new Fault('a write failed');
      if (strikes('collapse')) ctx.abort('the storage is gone');
    }
    return exec(query, ...bindings);
  });
  const transact = storage.transactionSync.bind(storage);
  replace(storage, 'transactionSync', (work: () => unknown) =>
    transact(() => {
      const result = work();
      if (strikes('transaction')) throw new Fault('a commit failed');
      return result;
    }),
  );
  const setAlarm = storage.setAlarm.bind(storage);
  replace(storage, 'setAlarm', (at: number) => {
    // It is part of the commit around it: where it can't be set, that commit fails, and the object with it.
    if (strikes('collapse')) ctx.abort('the alarm could not be set');
    return setAlarm(Date.now() + (at - Date.now()) / hurry);
  });
  return ctx;
}

function flakyBindings(env: Env): Env {
  return {
    ...env,
    DB: flakyDatabase(env.DB),
    KEYS: flakyBucket(env.KEYS),
    LEDGER: flakyBucket(env.LEDGER),
    FILES: flakyBucket(env.FILES),
    BACKUPS: flakyBucket(env.BACKUPS),
  };
}

async function perhaps<T>(work: () => Promise<T>): Promise<T> {
  if (!strikes('remote')) return work();
  if (struck % 2 === 0) await work();
  throw new Fault('the other side did not answer');
}

/** Statements stay the platform's own, since a batch takes no others. */
function flakyDatabase(db: D1Database): D1Database {
  const flaky = (statement: D1PreparedStatement): D1PreparedStatement => {
    for (const name of ['run', 'all', 'first', 'raw'] as const) {
      const method = statement[name].bind(statement) as (...given: unknown[]) => Promise<unknown>;
      replace(statement, name, (...given: unknown[]) => perhaps(() => method(...given)));
    }
    const bind = statement.bind.bind(statement);
    replace(statement, 'bind', (...values: unknown[]) => flaky(bind(...values)));
    return statement;
  };
  return inPlaceOf(db, {
    prepare: (query) => flaky(db.prepare(query)),
    batch: (statements) => perhaps(() => db.batch(statements)),
  });
}

function flakyBucket(bucket: R2Bucket): R2Bucket {
  return inPlaceOf(bucket, {
    get: (key: string) => perhaps(() => bucket.get(key)),
    put: (key: string, value: ArrayBuffer | string) => perhaps(() => bucket.put(key, value)),
  } as Partial<R2Bucket>);
}

export class Account extends classes.Account {
  constructor(ctx: DurableObjectState, env: Env) {
    super(brittle(ctx), flakyBindings(env));
  }
  collapse(): void {
    this.ctx.abort('evicted');
  }
}

export class Conversation extends classes.Conversation {
  constructor(ctx: DurableObjectState, env: Env) {
    super(brittle(ctx), flakyBindings(env));
  }
  collapse(): void {
    this.ctx.abort('evicted');
  }
}

export class Inbox extends classes.Inbox {
  constructor(ctx: DurableObjectState, env: Env) {
    super(brittle(ctx), flakyBindings(env));
  }
  collapse(): void {
    this.ctx.abort('evicted');
  }
}

export class Ledger extends classes.Ledger {
  constructor(ctx: DurableObjectState, env: Env) {
    super(brittle(ctx), flakyBindings(env));
  }
  collapse(): void {
    this.ctx.abort('evicted');
  }
}

export const { Scratch } = classes;

export class Watch extends classes.Watch {
  constructor(ctx: DurableObjectState, env: Env) {
    super(brittle(ctx), flakyBindings(env));
  }
  collapse(): void {
    this.ctx.abort('evicted');
  }
}

export class Runs extends classes.Runs {
  constructor(ctx: ExecutionContext, env: Env) {
    super(ctx, flakyBindings(env));
  }
}

async function obey(env: Env, order: FaultOrder): Promise<FaultAnswer> {
  if ('fail' in order) {
    rates = order.fail;
    until = Date.now() + order.forMs;
    state = order.seed;
    return { struck };
  }
  if ('due' in order) {
    await doDuties(flakyBindings(env), order.due, order.at);
    return { struck };
  }
  if ('runs' in order) {
    const { results } = await env.DB.prepare('SELECT id, duty, place, over_at FROM runs').all<StoredRun>();
    return { struck, runs: results };
  }
  const { kind, name } = order.evict;
  const stub = env[kind].getByName(name) as unknown as { collapse(): Promise<void> };
  // Whoever is gone does not answer.
  await stub.collapse().catch(() => undefined);
  return { struck };
}

export default {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname === path) return Response.json(await obey(env, await request.json()));
    return product.fetch(request, flakyBindings(env), ctx);
  },
} satisfies ExportedHandler<Env>;
