/** What whoever waits for the ledger waits while a thousand strangers a second are refused, and are entered in it. */
import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import type { FilesAnswer } from '../../protocol/file-bodies.ts';
import { bundleInto } from '../bundle.ts';
import type { Caller } from '../engine/caller.ts';
import { type Company, startCompany } from '../engine/company.ts';
import { Customer, Shop } from '../engine/customers.ts';
import type { Database } from '../engine/workerd.ts';
import { quantile } from './figures.ts';
import { type Door, knocking } from './ledger-noise/knocking.ts';
import { isWithin, slowed } from './ledger-noise/slowed.ts';
import { type Busy, busyInWords, watchProcessors } from './processors.ts';

/** Of a minute of openings the last hundredth is some fifteen. */
const SECONDS = 60;
/** In quiet at both ends, so that what comes over the machine meanwhile is seen. */
const PHASES: readonly (readonly [Door | 'quiet', number])[] = [
  ['quiet', 0],
  ['unrecorded', 250],
  ['recorded', 250],
  ['unrecorded', 1_000],
  ['recorded', 1_000],
  ['quiet', 0],
];
/** How many times as long as in quiet, at most, at the pace that is asked for. */
const BOUND = { perSecond: 1_000, most: 2 };
/** A pace was kept with this share of it: a machine that can't carry it measures something else. */
const KEPT = 0.95;
/** What somebody on staff asks one after the other: the last two are answered once the ledger has said yes. */
const asked = ['read', 'claim', 'open'] as const;
type Asked = (typeof asked)[number];
const waiting = ['claim', 'open'] as const;
type Waiting = (typeof waiting)[number];
const actions: Readonly<Record<Waiting, string>> = { claim: 'conversation.claim', open: 'file.open' };
const PAUSE_MS = 10;
const WARM = 100;
/** What is folded stands in the ledger within two minutes. */
const FOLDED_MS = 180_000;
const LOOK_MS = 500;

export interface Phase {
  readonly noise: Door | 'quiet';
  readonly perSecond: number;
  /** How many were refused each second, in fact. */
  readonly reached: number;
  /** Milliseconds. */
  readonly waits: Readonly<Record<Asked, number[]>>;
  readonly busy: Busy;
}

export interface Noise {
  readonly phases: readonly Phase[];
  /** How often strangers were refused at a door that is recorded, and what the ledger has of it. */
  readonly refused: Told;
  /** How often it was claimed and a file was opened, and what the ledger has of that. */
  readonly done: Readonly<Record<Waiting, Told>>;
}

export interface Told {
  readonly happened: number;
  readonly entered: number;
}

/** Takes about seven minutes. @param part of each phase, to try it */
export async function underNoise(folder: string, part: number): Promise<Noise> {
  const worker = join(import.meta.dirname, 'ledger-noise/worker.ts');
  const code = await bundleInto(join(folder, 'code'), undefined, worker);
  const company = await startCompany(folder, 1, { code });
  try {
    return await measured(company, SECONDS * part);
  } finally {
    await company.stop();
  }
}

async function measured(company: Company, seconds: number): Promise<Noise> {
  const { workerd } = company;
  const [agent] = company.agents;
  if (agent === undefined) throw new Error('it takes an agent');
  const ask = asking(agent, await released(company, agent));
  for (let n = 0; n < WARM; n++) for (const what of asked) await ask[what]();
  let refused = 0;
  const done = { claim: WARM, open: WARM };
  const phases: Phase[] = [];
  for (const [noise, perSecond] of PHASES) {
    const { phase, knocks } = await during(workerd, ask, noise, perSecond, seconds);
    phases.push(phase);
    for (const what of waiting) done[what] += phase.waits[what].length;
    if (noise === 'recorded') refused += knocks;
  }
  return { phases, ...(await entered(await workerd.database(), refused, done)) };
}

/** What the ledger has of it, once it is all there or was waited for. The last claim was answered this moment, and D1 is told a little later. */
async function entered(
  database: Database,
  refused: number,
  done: Readonly<Record<Waiting, number>>,
): Promise<Pick<Noise, 'refused' | 'done'>> {
  const begun = performance.now();
  for (;;) {
    const [claims, opens] = [await countOf(database, 'claim'), await countOf(database, 'open')];
    const told = {
      refused: { happened: refused, entered: await refusedIn(database) },
      done: {
        claim: { happened: done.claim, entered: claims },
        open: { happened: done.open, entered: opens },
      },
    };
    if (isAllTold(told) || performance.now() - begun > FOLDED_MS) return told;
    await wait(LOOK_MS);
  }
}

function isAllTold({ refused, done }: Pick<Noise, 'refused' | 'done'>): boolean {
  return [refused, done.claim, done.open].every((told) => told.happened === told.entered);
}

/** A file that a customer has sent, once it may be opened. */
async function released(company: Company, agent: Caller): Promise<{ room: string; file: string }> {
  const shop = await Shop.open(company.owner, company.team, 'Noisy');
  const customer = await Customer.come(company.workerd.url, shop, 'Robin');
  const talk = await customer.begins('Hello');
  await customer.sends(talk, 'notes.txt', Buffer.from('What I wrote down.'));
  const room = `/conversations/${talk.id}`;
  const { files } = await agent.get<FilesAnswer>(`${room}/files`);
  const [sent] = files;
  if (sent === undefined) throw new Error('the file is not there');
  const file = `${room}/files/${sent.file.id}`;
  // There is no scanner here.
  await company.owner.post(`${file}/release`, { reason: 'It is of our own making.' });
  return { room, file };
}

function asking(
  agent: Caller,
  { room, file }: { room: string; file: string },
): Record<Asked, () => Promise<unknown>> {
  return {
    read: () => agent.get(`${room}/messages`),
    claim: () => agent.post(`${room}/claim`, {}),
    open: () => agent.post(`${file}/open`, { as: 'show' }),
  };
}

async function during(
  { url, pid }: Company['workerd'],
  ask: Record<Asked, () => Promise<unknown>>,
  noise: Door | 'quiet',
  perSecond: number,
  seconds: number,
): Promise<{ phase: Phase; knocks: number }> {
  const waits: Record<Asked, number[]> = { read: [], claim: [], open: [] };
  const busySince = watchProcessors(pid);
  const over = new AbortController();
  const crowd =
    noise === 'quiet'
      ? wait(seconds * 1000, { refused: 0, cpuMs: 0 })
      : knocking(url, noise, perSecond, seconds);
  const isOver = () => {
    over.abort();
  };
  crowd.then(isOver, isOver);
  while (!over.signal.aborted) {
    for (const what of asked) {
      const since = performance.now();
      await ask[what]();
      waits[what].push(performance.now() - since);
      await wait(PAUSE_MS);
    }
  }
  const knocked = await crowd;
  const busy = busySince(knocked.cpuMs);
  const reached = knocked.refused / seconds;
  return { phase: { noise, perSecond, reached, waits, busy }, knocks: knocked.refused };
}

async function refusedIn(database: Database): Promise<number> {
  const query = `SELECT IFNULL(SUM(leaf ->> '$.facts.count'), 0) AS n FROM ledger WHERE action = 'door.refused'`;
  return (await database.prepare(query).first<number>('n')) ?? 0;
}

async function countOf(database: Database, what: Waiting): Promise<number> {
  const query = `SELECT COUNT(*) AS n FROM ledger WHERE action = ? AND leaf ->> '$.outcome' = 'done'`;
  return (await database.prepare(query).bind(actions[what]).first<number>('n')) ?? 0;
}

/** What was waited in quiet, before and after. */
function quietIn({ phases }: Noise, what: Asked): number[] {
  return phases.filter(({ noise }) => noise === 'quiet').flatMap(({ waits }) => waits[what]);
}

export function noiseMisses(noise: Noise): string | undefined {
  const { phases } = noise;
  if (!isAllTold(noise)) return 'The ledger is not what happened at the doors.';
  const judged = phases.filter((phase) => phase.noise === 'recorded' && phase.perSecond === BOUND.perSecond);
  if (judged.some(({ reached, perSecond }) => reached < KEPT * perSecond))
    return `This machine does not carry ${BOUND.perSecond} refusals a second.`;
  const holds = judged.every(({ waits }) =>
    waiting.every((what) => isWithin(slowed(quietIn(noise, what), waits[what]), BOUND.most)),
  );
  return holds
    ? undefined
    : `Whoever waits for the ledger waits more than ${BOUND.most} times as long as in quiet.`;
}

export function noiseInWords(noise: Noise): string {
  const { refused, done } = noise;
  return [
    `waits in ms, half and 99 % of them, and how many times as long as in quiet; processors kept busy`,
    ...noise.phases.map((phase) => phaseInWords(noise, phase)),
    ...noise.phases.filter((phase) => phase.noise === 'recorded').map((phase) => ledgersShare(noise, phase)),
    `of ${refused.happened} refusals at a recorded door ${refused.entered} are counted in the ledger, of ${done.claim.happened} claims ${done.claim.entered} entered, of ${done.open.happened} openings of a file ${done.open.entered}`,
  ].join('\n');
}

function phaseInWords(all: Noise, { noise, reached, waits, busy }: Phase): string {
  const each = asked.map((what) => {
    const [half, most] = [quantile(waits[what], 0.5), quantile(waits[what], 0.99)];
    const { p50, p99 } = slowed(quietIn(all, what), waits[what]);
    const times = noise === 'quiet' ? '' : ` (${p50.toFixed(1)} x, ${p99.toFixed(1)} x)`;
    return `${what} ${half.toFixed(1)} ${most.toFixed(1)}${times}`.padEnd(34);
  });
  return `${noise.padEnd(11)}${reached.toFixed(0).padStart(5)}/s  ${each.join('')}${busyInWords(busy)}`;
}

/** What is left once the machine's share is taken away: the same pace of refusals that the ledger hears nothing of. */
function ledgersShare({ phases }: Noise, { perSecond, waits }: Phase): string {
  const others = phases.find((phase) => phase.noise === 'unrecorded' && phase.perSecond === perSecond);
  const each = asked.map((what) => {
    const { p50, p99 } = slowed(others?.waits[what] ?? [], waits[what]);
    return `${what} ${p50.toFixed(1)} x, ${p99.toFixed(1)} x`;
  });
  return `at ${perSecond}/s, recorded beside unrecorded: ${each.join('; ')}`;
}
