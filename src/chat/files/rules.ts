/** What is decided about files, as pure functions (docs/RULES.md, F). */
import type { FileRules } from '../../protocol/bodies.ts';
import type { Cover, FileState } from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';
import type { RefusalCode } from '../../protocol/refusals.ts';
import type { Scanned, ScanFailure } from './scanner.ts';

/** A file on its way is nobody's to see. */
export type StoredState = FileState | 'uploading';
type Known = { state: StoredState; bytes: number };
type No = { refused: RefusalCode; detail?: string };

export function partsOf(bytes: number): number {
  return Math.ceil(bytes / limits.filePartBytes);
}

/** How long this part is; undefined if the file has none of this number. */
export function partBytesOf(bytes: number, part: number): number | undefined {
  if (part >= partsOf(bytes)) return undefined;
  return Math.min(limits.filePartBytes, bytes - part * limits.filePartBytes);
}

/** Whether a conversation with these files has room for one more. */
export function roomFor(
  bytes: number,
  { groups, bytes: most }: FileRules,
  known: readonly Known[],
): No | undefined {
  if (groups.length === 0) return { refused: 'not_allowed', detail: 'This site takes no files.' };
  if (bytes > most) return { refused: 'too_large' };
  const kept = known.filter(({ state }) => state !== 'gone');
  const together = kept.reduce((sum, file) => sum + file.bytes, bytes);
  if (known.length >= limits.filesPerConversation || together > limits.fileBytesPerConversation)
    return { refused: 'no_room', detail: 'This conversation has no room for more files.' };
  return kept.filter(({ state }) => state === 'uploading').length < limits.uploadsAtOnce
    ? undefined
    : { refused: 'no_room', detail: 'Too many files are on their way. Wait until some have arrived.' };
}

/** Why a file in this state can't be opened; undefined if it can. */
export function closed(state: StoredState): No | undefined {
  switch (state) {
    case 'clean':
    case 'released':
      return undefined;
    case 'waiting':
      return { refused: 'file_waiting' };
    case 'blocked':
      return { refused: 'file_blocked' };
    case 'unscanned':
      return { refused: 'file_unscanned' };
    case 'gone':
      return { refused: 'file_gone' };
    case 'uploading':
      return { refused: 'not_found' };
  }
}

/** Why it is covered, whoever says so. */
export function coversOf(
  found: readonly Cover[],
  saysSender: boolean,
  rules: Pick<FileRules, 'sensitive'>,
): Cover[] {
  return [
    ...found,
    ...(saysSender ? (['sender'] as const) : []),
    ...(rules.sensitive === 'all' ? (['site'] as const) : []),
  ];
}

const soon = [5_000, 60_000, 10 * 60_000] as const;
const hourly = 3_600_000;
const scansInAll = 27;

/** How long to wait before a scan that failed so many times is tried again: for a day; undefined: no more. */
export function scanAgainAfter(failures: number): number | undefined {
  return failures < scansInAll ? (soon[failures - 1] ?? hourly) : undefined;
}

/** So many scans that failed close a file. */
const failuresToClose = 4;
/** Why a scan fails however often it is tried. */
const lasting: readonly ScanFailure[] = ['no_scanner', 'encrypted', 'too_large', 'too_complex'];

/** Whether it is still scanned; where that could not be done, it is tried on for a while. */
export function isScanned(state: StoredState): boolean {
  return state === 'waiting' || state === 'unscanned';
}

/** Whether a scan failed, and another may not. */
export function isPassing(result: Scanned): boolean {
  return result.verdict === 'failed' && !lasting.includes(result.why);
}

/** A scan that fails again and again closes the file, until one does not. @param failures this one among them */
export function stateAfter(result: Scanned, failures: number): FileState {
  if (result.verdict !== 'failed') return result.verdict === 'clean' ? 'clean' : 'blocked';
  return isPassing(result) && failures < failuresToClose ? 'waiting' : 'unscanned';
}

/** The bytes that are asked for, `to` being behind the last. */
export type Range = { from: number; to: number };

/**
 * What a `Range` header asks of so many bytes (RFC 9110, 14.1.2): null for all of them, which is also the answer to what
 * is no single range; undefined where there is nothing of what it asks.
 */
export function rangeOf(header: string | undefined, bytes: number): Range | null | undefined {
  const [whole, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (whole === undefined || (first === '' && last === '')) return null;
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const to = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  return from < to ? { from, to } : undefined;
}
