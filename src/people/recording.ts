/**
 * What stands in the ledger of a request (docs/LEDGER.md): it is kept that something is about to be done as soon as it
 * is known who asks, and entered what became of it before they are answered. What was refused for want of a right is
 * entered as well, folded into one entry for whoever asks, or for where they ask from, and minute.
 */
import type { MiddlewareHandler } from 'hono';
import type { Env } from '../config.ts';
import { addressOf, type Ctx, doorOf, type Http } from '../http.ts';
import { type Folded, forgetLate, idOf, ledgerOf, quarterOf, tellLate, type Told } from '../ledger.ts';
import type { PersonId, VisitorId } from '../protocol/ids.ts';
import { logFault } from '../log.ts';
import {
  containingDoors,
  type LedgerAction,
  recordedDoors,
  type RecordedRefusal,
  recordedRefusals,
} from '../protocol/ledger.ts';
import { Refusal, type RefusalCode } from '../protocol/refusals.ts';
import type { Facts } from '../protocol/ledger-proof.ts';
import { networkPrefix } from './bans.ts';
import type { Asker, Staff } from './permission.ts';

type Trace = {
  door: string;
  action: LedgerAction | null;
  object: string | undefined;
  /** What is known of it so far. */
  facts: Facts;
  /** Null: somebody who is not known, and did what a mailed link lets do. */
  actor?: string | null;
  session?: string;
  subject?: string;
  personal?: Facts;
  /** Whose that is, and with whose erasure it goes, if not with whoever did it. */
  of?: VisitorId;
  begun?: Told;
  /** That it was begun is kept for later. */
  isLate?: true;
};
/** What a route adds of what it does: ids, numbers and states, and nothing that is anybody's to have erased. */
export type More = Partial<
  Pick<Trace, 'action' | 'object' | 'subject' | 'actor' | 'session' | 'personal' | 'of'>
> & {
  facts?: Facts;
};

const traces = new WeakMap<Request, Trace>();
/** Around every door of the API. */
export const recording: MiddlewareHandler<Http> = async (c, next) => {
  const request = c.req.raw;
  const door = doorOf(c);
  const trace: Trace = { door, action: recordedDoors[door] ?? null, object: objectIn(c), facts: {} };
  traces.set(request, trace);
  await next();
  await ended(c, trace).catch((error: unknown) => {
    logFault('ledger.end', error);
  });
};

/**
 * Who asks is known: from here on they may do what they ask. What customers do, who can be anybody, is entered once it
 * is done and makes nobody wait.
 *
 * @throws {Refusal} unavailable: nothing is done then, but what contains an incident, which is entered late
 */
export async function begin(env: Env, request: Request, asker: Asker): Promise<void> {
  const trace = traces.get(request);
  if (trace === undefined) return;
  trace.actor = asker.id;
  if (asker.kind === 'visitor') return;
  trace.session = asker.session;
  if (asker.ownRole !== undefined) trace.facts = { ...trace.facts, seeAs: asker.role };
  await keepBegun(env, trace);
}

/** The door that was knocked at; undefined outside of the API. */
export function doorAt(request: Request): string | undefined {
  return traces.get(request)?.door;
}

/** Somebody's session is proved, whatever they are refused next. */
export function knownAs(request: Request, { id, session }: Pick<Staff, 'id' | 'session'>): void {
  const trace = traces.get(request);
  if (trace !== undefined) Object.assign(trace, { actor: id, session });
}

/** Somebody comes with this person's password alone, whatever they are refused next. */
export function concerns(request: Request, subject: PersonId): void {
  const trace = traces.get(request);
  if (trace !== undefined) trace.subject = subject;
}

/** As `begin`, for whoever proves by what they do who they are: with a link that was mailed, or a second factor. */
export async function beginFor(c: Ctx, subject: PersonId): Promise<void> {
  const trace = traces.get(c.req.raw);
  if (trace === undefined) return;
  trace.subject = subject;
  await keepBegun(c.env, trace);
}

async function keepBegun(env: Env, trace: Trace): Promise<void> {
  if (trace.action === null || trace.begun !== undefined) return;
  const begun = told(trace, trace.action, 'unknown');
  try {
    await ledgerOf(env).begin(begun);
  } catch {
    if (!containingDoors.includes(trace.door)) throw new Refusal('unavailable');
    await tellLate(env, begun);
    trace.isLate = true;
  }
  trace.begun = begun;
}

/** Enters what was done outside of any door, or after its answer. @param id what is told again has the same (`idOf`) */
export async function enter(
  env: Env,
  what: Omit<Told, 'id' | 'at' | 'outcome' | 'action'> & { action: LedgerAction },
  id: string = crypto.randomUUID(),
): Promise<void> {
  await append(env, { id, at: Date.now(), outcome: 'done', ...what });
}

/** Enters that somebody looked at a list, once for each quarter of an hour. */
export async function seen(env: Env, { id, session }: Staff, action: LedgerAction): Promise<void> {
  const now = Date.now();
  const once = idOf(action, id, quarterOf(now));
  await append(env, { id: once, at: now, actor: id, session, action, outcome: 'done' });
}

/** What has been done is kept for the ledger where it can't be told of it now. */
async function append(env: Env, what: Told): Promise<void> {
  await ledgerOf(env)
    .append([what])
    .catch(() => tellLate(env, what));
}

/** Adds to what will be entered of this request. */
export function note(c: Ctx, more: More): void {
  const trace = traces.get(c.req.raw);
  if (trace === undefined) return;
  const { facts, ...others } = more;
  Object.assign(trace, others);
  if (facts !== undefined) trace.facts = { ...trace.facts, ...facts };
}

async function ended(c: Ctx, trace: Trace): Promise<void> {
  const { begun, action } = trace;
  if (c.error === undefined) {
    // Whoever did it was not known by a token: it was the doing itself that proved it.
    if (action !== null && (begun !== undefined || trace.actor !== undefined))
      await append(c.env, told(trace, action, 'done'));
    return;
  }
  const code = c.error instanceof Refusal ? c.error.code : undefined;
  if (code === undefined) {
    if (action !== null && begun !== undefined) await append(c.env, told(trace, action, 'failed'));
    return;
  }
  if (isTelling(code)) return refused(c, trace, code);
  await dropBegun(c.env, trace);
}

/** Nothing was done of what was begun. */
async function dropBegun(env: Env, { begun, isLate }: Trace): Promise<void> {
  if (begun === undefined) return;
  await (isLate === true ? forgetLate(env, begun.id) : ledgerOf(env).drop(begun.id));
}

/** Whether a refusal says that somebody lacked a right or a proof. */
export function isTelling(code: RefusalCode): code is RecordedRefusal {
  return (recordedRefusals as readonly RefusalCode[]).includes(code);
}

async function refused(c: Ctx, trace: Trace, code: RefusalCode): Promise<void> {
  // Nobody's guesses at what is there are nothing to record.
  if (code === 'not_found' && trace.actor === undefined) return;
  const from = networkPrefix(addressOf(c.req.raw) ?? '') ?? 'unknown';
  const entry = told(trace, trace.action ?? 'door.refused', 'refused');
  // Where somebody asked from is theirs, whomever they asked about.
  const personal = { of: trace.actor ?? trace.subject ?? 'nobody', what: { network: from } };
  const what = { ...entry, personal, facts: { ...entry.facts, code } };
  if (trace.session !== undefined) {
    const key = `${trace.session} ${trace.door} ${code}`;
    await ledgerOf(c.env)
      .fold([{ key, told: what, count: 1 }])
      .catch(() => tellLate(c.env, what));
    return;
  }
  await dropBegun(c.env, trace);
  // Whoever is not on staff writes nothing of their own into it: not even an id that may be none.
  const { object: _, ...ofNobody } = what;
  foldSoon(c, `${from} ${trace.door} ${trace.subject ?? ''} ${code}`, { ...ofNobody, actor: null });
}

function told(trace: Trace, action: LedgerAction, outcome: Told['outcome']): Told {
  const { begun, actor, session, object, subject, personal, door, facts } = trace;
  const of = trace.of ?? actor;
  return {
    id: begun?.id ?? crypto.randomUUID(),
    at: begun?.at ?? Date.now(),
    actor: actor ?? null,
    ...(session !== undefined && { session }),
    action,
    ...(object !== undefined && { object }),
    ...(subject !== undefined && { subject }),
    outcome,
    facts: { door, ...facts },
    ...(personal !== undefined && typeof of === 'string' && { personal: { of, what: personal } }),
  };
}

/** What the path names, if it can be the id of anything: others' inventions are not written down. */
function objectIn(c: Ctx): string | undefined {
  return c.req.path.split('/').findLast((part) => /^[a-z]{3}_[\w-]{22}$/.test(part));
}

/** What somebody on staff was refused at a socket: on the way in, or by a frame. `facts`: what else is known of why. */
export type RefusedThere = {
  door: string;
  code: RecordedRefusal;
  object: string;
  facts?: Facts;
  count: number;
};

/** Enters that somebody on staff was refused something at a socket, folded by their session, door and code. */
export async function refusedAtSocket(
  env: Env,
  { id, session }: Pick<Staff, 'id' | 'session'>,
  { door, code, object, facts, count }: RefusedThere,
): Promise<void> {
  const what: Told = {
    ...{ id: crypto.randomUUID(), at: Date.now(), actor: id, session, object },
    ...{ action: 'door.refused', outcome: 'refused', facts: { door, code, ...facts } },
  };
  await ledgerOf(env)
    .fold([{ key: `${session} ${door} ${code}`, told: what, count }])
    .catch(() => tellLate(env, what));
}

/** What nobody in particular was refused, in this isolate and second: a thousand of it are one call. */
const waiting = new Map<string, Folded>();
const gatherFor = 1_000;
/** Whoever has many networks to come from fills the ledger no faster for it. */
const keysAtOnce = 100;
let due = 0;

function foldSoon(c: Ctx, wished: string, what: Told): void {
  const isOne = waiting.has(wished) || waiting.size < keysAtOnce;
  const key = isOne ? wished : 'others';
  const known = waiting.get(key);
  if (known === undefined) waiting.set(key, { key, told: isOne ? what : ofOthers(what), count: 1 });
  else known.count += 1;
  const now = Date.now();
  // Should the request that was to tell it have been cut off, a later one does.
  if (now < due && due - now <= gatherFor) return;
  due = now + gatherFor;
  c.executionCtx.waitUntil(tellFolded(c.env));
}

/** Of many at once nothing is said of the first alone. */
function ofOthers({ id, at }: Told): Told {
  return { id, at, actor: null, action: 'door.refused', outcome: 'refused' };
}

async function tellFolded(env: Env): Promise<void> {
  await scheduler.wait(gatherFor);
  const all = [...waiting.values()];
  waiting.clear();
  await ledgerOf(env)
    .fold(all)
    .catch((error: unknown) => {
      logFault('ledger.fold', error);
    });
}
