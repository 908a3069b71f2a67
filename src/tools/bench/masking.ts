/** How long it takes to look for what is sensitive, in the worst texts that we know of (docs/PRIVACY.md). */
import { limits } from '../../protocol/limits.ts';
import { maskedKinds } from '../../protocol/marks.ts';
import { findSensitive, masked, type SensitiveKind } from '../../protocol/masking.ts';
import { everyday, hostile } from '../../protocol/masking-texts.ts';

const KB = 1024;
/** Four times the longest message. */
const LONG = 64 * KB;
const ROUNDS = 7;
/** More than this nothing may take for so long a text. */
const MOST_MS = 50;
/** So short a time is that of many, one after the other. */
const MANY = 1_000;

export interface Look {
  readonly what: string;
  readonly on: string;
  /** Processor time of one, the best of all rounds. */
  readonly ms: number;
  /** What the slowest text is made of. */
  readonly worst?: string;
  readonly isBound: boolean;
}

const kinds: readonly { kind: SensitiveKind; what: string }[] = [
  { kind: 'card', what: 'cards, by themselves' },
  { kind: 'secret', what: 'secrets' },
  { kind: 'iban', what: 'accounts' },
  { kind: 'special', what: 'special categories' },
  { kind: 'nationalId', what: 'national numbers' },
];

export function looked(): Look[] {
  const all = `${limits.textBytes / KB} KiB, the longest message`;
  return [
    ...kinds.map(({ kind, what }) => ({
      ...{ what, on: `${LONG / KB} KiB`, isBound: true },
      ...slowest(LONG, (text) => findSensitive(text, [kind])),
    })),
    {
      ...{ what: 'all that is masked, again until nothing is found', on: all, isBound: false },
      ...slowest(limits.textBytes, (text) => masked(text, maskedKinds)),
    },
    { what: 'an everyday message', on: '100 bytes', ms: ofAnEverydayMessage(), isBound: false },
  ];
}

/** Every text that anybody thought of, for whatever it was meant. */
function slowest(length: number, look: (text: string) => unknown): { ms: number; worst: string } {
  const looks = Object.values(hostile)
    .flat()
    .map((part) => {
      const text = part.repeat(Math.ceil(length / part.length)).slice(0, length);
      return { ms: best(() => look(text)), worst: part };
    });
  return looks.reduce((slow, each) => (each.ms > slow.ms ? each : slow));
}

function ofAnEverydayMessage(): number {
  const text = everyday.join(' ').slice(0, 100);
  const all = best(() => {
    for (let n = 0; n < MANY; n++) masked(text, maskedKinds);
  });
  return all / MANY;
}

function best(work: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}

export function looksInWords(looks: readonly Look[]): string {
  const lines = looks.map(({ what, on, ms, worst }) => {
    const text = worst === undefined ? '' : `  ${JSON.stringify(worst).slice(0, 40)}`;
    return `${what.padEnd(50)}${on.padEnd(28)}${ms.toFixed(ms < 1 ? 2 : 0).padStart(6)} ms${text}`;
  });
  return lines.join('\n');
}

export function lookMisses(looks: readonly Look[]): string | undefined {
  const slow = looks.filter(({ isBound, ms }) => isBound && ms > MOST_MS);
  if (slow.length === 0) return undefined;
  return `More than ${MOST_MS} ms: ${slow.map(({ what }) => what).join('; ')}.`;
}
