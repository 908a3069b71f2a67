/** What the steps of a Workflow ask of others, counted at the bindings. They come one after the other. */
import type { WorkflowStep } from 'cloudflare:workers';
import { inPlaceOf, replace } from '../../engine/stand-in.ts';
import type { Counted } from './steps.ts';

type Buckets = Record<'KEYS' | 'LEDGER' | 'FILES' | 'COPIES' | 'BACKUPS', R2Bucket>;
type Objects = Record<
  'Account' | 'Conversation' | 'Inbox' | 'Ledger' | 'Scratch' | 'Watch',
  DurableObjectNamespace
>;
type Bindings = Buckets & Objects & { DB: D1Database; RUNS: Workflow };

const counts = { queries: 0, requests: 0 };

/** Every step that was taken since they were looked at. */
export const steps: Counted[] = [];

/** The same bindings, with every call of them counted. */
export function counting<Env extends Bindings>(env: Env): Env {
  return {
    ...env,
    DB: database(env.DB),
    KEYS: calls(env.KEYS),
    LEDGER: calls(env.LEDGER),
    FILES: calls(env.FILES),
    COPIES: calls(env.COPIES),
    BACKUPS: calls(env.BACKUPS),
    RUNS: calls(env.RUNS),
    Account: objects(env.Account),
    Conversation: objects(env.Conversation),
    Inbox: objects(env.Inbox),
    Ledger: objects(env.Ledger),
    Scratch: objects(env.Scratch),
    Watch: objects(env.Watch),
  };
}

/**
 * An object stays in memory for ten seconds after it was asked something, with three files open: at this pace a process
 * that may open 20,000 files has them. At the edge objects are on many machines.
 */
const msPerRequest = 2.5;

/** The same steps, each of which is written down, and followed by a pause. */
export function countedSteps(instance: string, step: WorkflowStep): WorkflowStep {
  const counted = async (name: string, config: object, work: () => Promise<boolean>) => {
    const [asked, since] = [counts.requests, Date.now()];
    const isOver = await step.do(name, config, async () => {
      const before = { ...counts, at: Date.now() };
      try {
        return await work();
      } finally {
        steps.push({
          ...{ instance, name, ms: Date.now() - before.at },
          queries: counts.queries - before.queries,
          requests: counts.requests - before.requests,
        });
      }
    });
    await scheduler.wait(Math.max(0, (counts.requests - asked) * msPerRequest - (Date.now() - since)));
    return isOver;
  };
  return { do: counted } as unknown as WorkflowStep;
}

/** Every method is a call. */
function calls<Thing extends object>(thing: Thing): Thing {
  return new Proxy(thing, {
    get: (_, name) => {
      const value = Reflect.get(thing, name) as unknown;
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        counts.requests += 1;
        return Reflect.apply(value, thing, given) as unknown;
      };
    },
  });
}

/** A method of a stub is itself something that can be reached into, so it is called in its place. */
function objects(namespace: DurableObjectNamespace): DurableObjectNamespace {
  return inPlaceOf(namespace, {
    getByName: (name: string) => {
      const stub = namespace.getByName(name) as unknown as Record<
        string | symbol,
        (...given: unknown[]) => unknown
      >;
      return new Proxy(stub, {
        get:
          (_, method) =>
          (...given: unknown[]) => {
            counts.requests += 1;
            return stub[method]?.(...given);
          },
      }) as unknown as DurableObjectStub;
    },
  });
}

/** Statements stay the platform's own, since a batch takes no others. */
function database(db: D1Database): D1Database {
  const counted = (statement: D1PreparedStatement): D1PreparedStatement => {
    for (const name of ['run', 'all', 'first', 'raw'] as const) {
      const method = statement[name].bind(statement) as (...given: unknown[]) => Promise<unknown>;
      replace(statement, name, (...given: unknown[]) => {
        counts.queries += 1;
        counts.requests += 1;
        return method(...given);
      });
    }
    const bind = statement.bind.bind(statement);
    replace(statement, 'bind', (...values: unknown[]) => counted(bind(...values)));
    return statement;
  };
  return inPlaceOf(db, {
    prepare: (query) => counted(db.prepare(query)),
    batch: (statements) => {
      counts.queries += statements.length;
      counts.requests += 1;
      return db.batch(statements);
    },
  });
}
