/** Whether the writer has kept up. */
import { quantile } from '../figures.ts';
import type { Differences } from './kept.ts';

/** What 99 % may wait until they are durable, in milliseconds: some four times what they do on two quiet cores. */
const LONGEST_WAIT = 250;
/** By how much the last may be durable later than the last was due, in seconds. */
const SLACK = 3;

export interface Told extends Differences {
  readonly told: number;
  /** Milliseconds from when each was due until it was durable. */
  readonly durable: readonly number[];
  /** From the first that was due to the last that was durable, in seconds. */
  readonly took: number;
  /** More in the tree that a head is signed over than before. */
  readonly grown: number;
  /** Rows whose personal details are there, sealed. */
  readonly sealed: number;
  readonly personal: number;
  /** What the verifier finds in the export, and how many entries a head proves beyond those that were there before. */
  readonly findings: readonly string[];
  readonly proved: number;
}

/**
 * Undefined: each entry is there once, sealed where it was to be, and proved, and none waited long.
 *
 * @param seconds for which they were due
 */
export function toldMisses(all: Told, seconds: number): string | undefined {
  const { told, durable, took, grown, proved, lost, doubled, strange, sealed, personal, findings } = all;
  const isKept = lost + doubled + strange === 0 && grown === told && proved >= told && sealed === personal;
  if (!isKept || findings.length > 0) return 'The ledger is not what it was told.';
  if (!(took <= seconds + SLACK)) return 'It takes too long until all are durable.';
  return quantile(durable, 0.99) <= LONGEST_WAIT ? undefined : 'An entry waits too long until it is durable.';
}
