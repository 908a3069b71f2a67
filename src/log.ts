/**
 * What is logged, and nothing else is: one JSON object a line, of words that stand in the code, numbers, and the id
 * that a request was given here (docs/OPERATING.md). For what an error says, whom it concerns and what was sent there
 * is no field.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { ConfigError } from './config.ts';

/** In which request, or in an object of which class, something goes on. */
type Place = { request: string } | { object: string };
const places = new AsyncLocalStorage<Place>();

/** Until when more of each request is logged than usually is, in Unix milliseconds. */
let raisedUntil = 0;

export function raiseLogUntil(until: number): void {
  raisedUntil = until;
}

export function isLogRaised(now: number): boolean {
  return now < raisedUntil;
}

let count: (fault: string) => void = () => undefined;

/** Each fault from here on is counted as well. */
export function countFaultsBy(counting: (fault: string) => void): void {
  count = counting;
}

/** Says what kind of work failed and how, never what was in it. */
export function logFault(fault: string, error: unknown): void {
  count(fault);
  const what = error instanceof Error ? error.name : 'unknown';
  // A wrong setting is named, and its value is not in what is said of it.
  const setting = error instanceof ConfigError ? { setting: error.message } : {};
  console.error(
    line('fault', { request: null, object: null, ...places.getStore(), fault, error: what, ...setting }),
  );
}

/** Does this with each at once. Those that fail are logged, and keep no other from being done. @returns what the others gave */
export async function settled<Thing, Done>(
  fault: string,
  things: readonly Thing[],
  work: (thing: Thing) => Promise<Done>,
): Promise<{ done: Done[]; failed: number }> {
  const results = await Promise.allSettled(things.map(work));
  for (const result of results) if (result.status === 'rejected') logFault(fault, result.reason);
  const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return { done, failed: results.length - done.length };
}

/** `door`: the pattern of its address. `ms`: how long it waited for others, for clocks stand still in between. */
export type RequestLine = { request: string; door: string; status: number; code: string | null; ms: number };
/** What is logged besides while more is: of no use to say who somebody is. `bytes`: of its body, as it says itself. */
export type RaisedLine = { country: string | null; tls: string | null; bytes: number };

export function logRequest(request: RequestLine & Partial<RaisedLine>): void {
  console.log(line('request', request));
}

/** What kind of frame came, or with which code a socket was closed; only while more is logged. */
export function logSocket(what: { frame: string } | { closed: number }): void {
  if (isLogRaised(Date.now())) console.log(line('socket', { object: null, ...places.getStore(), ...what }));
}

function line(kind: 'fault' | 'request' | 'socket', fields: Record<string, string | number | null>): string {
  return JSON.stringify({ kind, at: new Date().toISOString(), ...fields });
}

/** Whatever is logged of this work, after its answer too, names the request. */
export function inRequest<Done>(request: string, work: () => Done): Done {
  return places.run({ request }, work);
}

type Method = (this: unknown, ...given: unknown[]) => unknown;

/** Whatever is logged in objects of these classes names the class, and what they throw is logged there. */
export function logFaultsIn(classes: Record<string, { prototype: object }>): void {
  for (const [object, { prototype }] of Object.entries(classes)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name === 'constructor' || typeof value !== 'function') continue;
      Object.defineProperty(prototype, name, { value: inObject(object, value as Method) });
    }
  }
}

function inObject(object: string, method: Method): Method {
  const failed = (error: unknown) => {
    logFault('object', error);
    throw wordless(error);
  };
  return function (...given) {
    // One method of an object that calls another is still the same work.
    if (places.getStore() !== undefined) return method.apply(this, given);
    return places.run({ object }, () => {
      try {
        const done = method.apply(this, given);
        return done instanceof Promise ? done.catch(failed) : done;
      } catch (error) {
        return failed(error);
      }
    });
  };
}

/**
 * Cloudflare writes down what an object throws. Errors of the language's own quote what they were given, so they go
 * on without what they say; all others are in words of ours and of the database, with nothing of anybody in them.
 */
function wordless(error: unknown): unknown {
  const quotes = error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError;
  if (!quotes) return error;
  const { name, message, stack = '' } = error;
  const said = `: ${message}`;
  const from = stack.indexOf(said);
  const frames = from < 0 ? '' : stack.slice(from + said.length);
  return Object.assign(new Error('what it said is not told'), { name, stack: `${name}${frames}` });
}
