/** What is measured by itself, beside nothing that does less. */
import { backedUp } from './backups.ts';
import { backupMisses, backupsInWords } from './backups/figures.ts';
import { COST_HEAD, costInWords, costs, storageInWords } from './cost.ts';
import { everybodyInWords, signedOut } from './everybody.ts';
import { transferred } from './files.ts';
import { transferMisses, transfersInWords } from './files/figures.ts';
import { million, millionInWords, millionMisses } from './ledger-million.ts';
import { noiseInWords, noiseMisses, underNoise } from './ledger-noise.ts';
import { writesMisses, writesInWords, written } from './ledger-writes.ts';
import { looked, lookMisses, looksInWords } from './masking.ts';
import { isWithinNoise, learned, learnedInWords } from './strangers.ts';

interface Outcome {
  readonly figures: unknown;
  readonly words: string;
  /** What does not hold. */
  readonly misses?: string | undefined;
}

/** @param part how much of it, to try it; what can't be tried in parts is done in whole */
type Measure = (folder: string, part: number) => Promise<Outcome>;

/** By the name of its option. */
export const ALONE: Readonly<
  Record<
    | 'cost'
    | 'everybody'
    | 'strangers'
    | 'files'
    | 'masking'
    | 'ledger-writes'
    | 'ledger-noise'
    | 'ledger-million'
    | 'backups',
    Measure
  >
> = {
  cost: async (folder) => {
    const figures = await costs(folder);
    const words = [COST_HEAD, ...figures.items.map(costInWords), storageInWords(figures.bytesStored)];
    return { figures, words: words.join('\n') };
  },
  everybody: async (folder) => {
    const figures = await signedOut(folder);
    return { figures, words: everybodyInWords(figures) };
  },
  strangers: async (folder) => {
    const figures = await learned(folder);
    const isHidden = figures.every(isWithinNoise);
    const misses = isHidden ? undefined : 'The time of an answer tells who is here.';
    return { figures, words: figures.map(learnedInWords).join('\n'), misses };
  },
  files: async (folder, part) => {
    const figures = await transferred(folder, part);
    return { figures, words: transfersInWords(figures), misses: transferMisses(figures) };
  },
  masking: () => {
    const figures = looked();
    return Promise.resolve({ figures, words: looksInWords(figures), misses: lookMisses(figures) });
  },
  'ledger-writes': async (folder, part) => {
    const figures = await written(folder, part);
    return { figures, words: writesInWords(figures), misses: writesMisses(figures, part) };
  },
  'ledger-noise': async (folder, part) => {
    const figures = await underNoise(folder, part);
    return { figures, words: noiseInWords(figures), misses: noiseMisses(figures) };
  },
  'ledger-million': async (folder, part) => {
    const figures = await million(folder, part);
    return { figures, words: millionInWords(figures), misses: millionMisses(figures, part) };
  },
  backups: async (folder, part) => {
    const figures = await backedUp(folder, part);
    return { figures, words: backupsInWords(figures), misses: backupMisses(figures) };
  },
};
