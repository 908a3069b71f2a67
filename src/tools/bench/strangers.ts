/** What a stranger learns by the time that an answer takes: is somebody here who has this address? */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OWNER, readablePassword } from '../demo/cast.ts';
import { Client } from '../demo/client.ts';
import { unhurried } from '../engine/company.ts';
import { migrate, startWorkerd, type Workerd } from '../engine/workerd.ts';
import { bundleChecks } from './checks.ts';
import { quantile } from './figures.ts';
import { likelihoodOfOne } from './ranks.ts';

/** Each of them an address of its own that is tried once, so that no try is spared for being one too many. */
const SAMPLES = 400;
const WARM = 10;
const MAKING = 20;
/** Objects that nothing is asked of are put away: whoever is tried is as far away as on any day. */
const AWAY_MS = 15_000;
/** What a request left running is no part of the next one's time. */
const BETWEEN_MS = 20;
/** Above this, chance alone explains what lies between two samples. */
const NOISE = 0.01;

/** Who is asked for. */
const kinds = ['known', 'disabled', 'unknown'] as const;
type Kind = (typeof kinds)[number];

export interface Learned {
  readonly asked: string;
  readonly samples: number;
  readonly times: Readonly<Record<Kind, number[]>>;
  /** How likely what lies between a known address and one of the others is by chance alone. */
  readonly likelihood: Readonly<Record<'disabled' | 'unknown', number>>;
}

/** Takes about seven minutes: a password is hashed for each sample. @throws where answers differ in what they say */
export async function learned(folder: string): Promise<Learned[]> {
  const code = await bundleChecks(folder);
  const settings = unhurried();
  const workerd = await startWorkerd({ ...settings, code, state: join(folder, 'state') });
  try {
    await migrate(await workerd.database());
    const { ORIGIN, SETUP_TOKEN } = settings.bindings;
    const owner = { name: OWNER.name, address: OWNER.address, password: readablePassword() };
    const client = new Client(workerd.url.origin, ORIGIN);
    await client.post('/setup', { owner, team: { name: 'Support' } }, SETUP_TOKEN);
    const addresses = {
      known: await made(workerd, 'active'),
      disabled: await made(workerd, 'disabled'),
      unknown: Array.from({ length: SAMPLES + WARM }, () => `${randomUUID()}@example.com`),
    };
    await wait(AWAY_MS);
    const ask = (path: string, body: (address: string) => object) => (address: string) =>
      answered(workerd, ORIGIN, path, body(address));
    return [
      await compared(
        'a password reset',
        addresses,
        ask('/resets', (address) => ({ address })),
      ),
      await compared(
        'a sign-in with a wrong password',
        addresses,
        ask('/sign-in', (address) => ({ address, password: 'none that anybody has' })),
      ),
    ];
  } finally {
    await workerd.stop();
  }
}

/** A few at a time, as no request may take for ever. */
async function made({ url }: Workerd, state: 'active' | 'disabled'): Promise<string[]> {
  const addresses: string[] = [];
  while (addresses.length < SAMPLES + WARM) {
    const answer = await fetch(new URL(`/people/${state}?times=${MAKING}&like=${OWNER.address}`, url));
    addresses.push(...((await answer.json()) as string[]));
  }
  return addresses;
}

type Answer = { said: string; ms: number };

async function answered({ url }: Workerd, origin: string, path: string, body: object): Promise<Answer> {
  const begun = performance.now();
  const answer = await fetch(new URL(`/api/v1${path}`, url), {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const said = `${answer.status} ${await answer.text()}`;
  return { said, ms: performance.now() - begun };
}

/** One of each kind, in an order that is drawn each time, so that what comes over the machine comes over all alike. */
async function compared(
  asked: string,
  addresses: Readonly<Record<Kind, readonly string[]>>,
  ask: (address: string) => Promise<Answer>,
): Promise<Learned> {
  const times: Record<Kind, number[]> = { known: [], disabled: [], unknown: [] };
  const words = new Set<string>();
  for (let n = 0; n < SAMPLES + WARM; n++) {
    for (const kind of drawn(kinds)) {
      const { said, ms } = await ask(addresses[kind][n] ?? '');
      words.add(said);
      if (n >= WARM) times[kind].push(ms);
      await wait(BETWEEN_MS);
    }
  }
  if (words.size !== 1)
    throw new Error(`${asked} is answered in ${words.size} ways: ${[...words].join(' | ')}`);
  return {
    ...{ asked, samples: SAMPLES, times },
    likelihood: {
      disabled: likelihoodOfOne(times.known, times.disabled),
      unknown: likelihoodOfOne(times.known, times.unknown),
    },
  };
}

function drawn<Thing>(things: readonly Thing[]): Thing[] {
  const keyed = things.map((thing) => ({ thing, key: Math.random() }));
  return keyed.toSorted((one, other) => one.key - other.key).map(({ thing }) => thing);
}

export function isWithinNoise({ likelihood }: Learned): boolean {
  return Math.min(likelihood.disabled, likelihood.unknown) > NOISE;
}

export function learnedInWords(learned: Learned): string {
  const { asked, samples, times, likelihood } = learned;
  const ms = (kind: Kind) => `${kind} ${quantile(times[kind], 0.5).toFixed(2)} ms`;
  return [
    `${asked}, ${samples} addresses of each kind, answered in the same words: ${kinds.map(ms).join(', ')} (medians)`,
    `  Mann and Whitney: p = ${likelihood.disabled.toFixed(3)} for a disabled one, ${likelihood.unknown.toFixed(3)} for an unknown one: ${isWithinNoise(learned) ? 'within noise' : 'TELLS'}`,
  ].join('\n');
}
