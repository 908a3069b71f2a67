import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainSettings } from '../../protocol/bodies.ts';
import { fileStates } from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';
import {
  closed,
  coversOf,
  isPassing,
  partBytesOf,
  partsOf,
  rangeOf,
  roomFor,
  scanAgainAfter,
  stateAfter,
} from './rules.ts';
import type { ScanFailure } from './scanner.ts';

const rules = plainSettings.files;

describe('F35 the parts of a file', () => {
  it('are as long as one may be but the last, and together as long as the file', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: limits.fileBytes }), (bytes) => {
        const lengths = Array.from({ length: partsOf(bytes) }, (_, part) => partBytesOf(bytes, part) ?? 0);
        expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(bytes);
        expect(lengths.slice(0, -1).every((length) => length === limits.filePartBytes)).toBe(true);
        expect(lengths.at(-1)).toBeGreaterThan(0);
        expect(partBytesOf(bytes, lengths.length)).toBeUndefined();
      }),
    );
  });
});

describe('F36 the room for a file', () => {
  const sent = (count: number, bytes = 1) =>
    Array.from({ length: count }, () => ({ state: 'clean' as const, bytes }));
  const gone = (count: number) => Array.from({ length: count }, () => ({ state: 'gone' as const, bytes: 1 }));

  it('is there up to the number and the bytes that a conversation holds, and not beyond', () => {
    const last = limits.filesPerConversation - 1;
    expect(roomFor(1, rules, sent(last))).toBeUndefined();
    expect(roomFor(1, rules, sent(last + 1))?.refused).toBe('no_room');
    const bytes = limits.fileBytesPerConversation - 10;
    expect(roomFor(10, rules, sent(1, bytes))).toBeUndefined();
    expect(roomFor(11, rules, sent(1, bytes))?.refused).toBe('no_room');
  });

  it('is not taken by the bytes of what is gone, though each leaves its place', () => {
    expect(roomFor(1, rules, gone(limits.filesPerConversation - 1))).toBeUndefined();
    expect(roomFor(1, rules, gone(limits.filesPerConversation))?.refused).toBe('no_room');
  });
});

describe('F41 a file', () => {
  it('opens when it was found clean or released, and in no other state', () => {
    const opens = [...fileStates, 'uploading' as const].filter((state) => closed(state) === undefined);
    expect(opens.toSorted()).toEqual(['clean', 'released']);
  });

  const failed = (why: ScanFailure) => ({ verdict: 'failed', why }) as const;
  const engine = { engine: 'ClamAV', signaturesAt: null };

  it('whose scans fail is closed by the fourth, and by the first that no other could mend', () => {
    expect([1, 2, 3, 4, 26].map((failures) => stateAfter(failed('timeout'), failures))).toEqual([
      ...['waiting', 'waiting', 'waiting'],
      ...['unscanned', 'unscanned'],
    ]);
    for (const why of ['no_scanner', 'encrypted', 'too_large', 'too_complex'] as const)
      expect([stateAfter(failed(why), 1), isPassing(failed(why))]).toEqual(['unscanned', false]);
    for (const why of ['unreachable', 'timeout', 'refused', 'bad_answer', 'source', 'engine'] as const)
      expect([stateAfter(failed(why), 1), isPassing(failed(why))]).toEqual(['waiting', true]);
  });

  it('is what a scan that does not fail says, however many did before', () => {
    for (const failures of [1, 4, 26]) {
      expect(stateAfter({ verdict: 'clean', ...engine }, failures)).toBe('clean');
      expect(stateAfter({ verdict: 'infected', name: 'Eicar', ...engine }, failures)).toBe('blocked');
    }
  });

  it('whose scan fails is tried again soon, and then every hour for a day', () => {
    const waits = Array.from({ length: 26 }, (_, tries) => scanAgainAfter(tries + 1));
    expect(waits.slice(0, 4)).toEqual([5_000, 60_000, 600_000, 3_600_000]);
    expect(new Set(waits.slice(3))).toEqual(new Set([3_600_000]));
    expect(scanAgainAfter(27)).toBeUndefined();
  });
});

describe('F42 a file is covered', () => {
  it('for each reason there is: what was found, what its sender says, and its site', () => {
    expect(coversOf([], false, rules)).toEqual([]);
    expect(coversOf(['identity'], true, { sensitive: 'all' })).toEqual(['identity', 'sender', 'site']);
  });
});

describe('F44 a range', () => {
  it('is what it asks for of what there is', () => {
    for (const [header, range] of [
      ['bytes=0-', { from: 0, to: 10 }],
      ['bytes=9-', { from: 9, to: 10 }],
      ['bytes=2-4', { from: 2, to: 5 }],
      ['bytes=2-99', { from: 2, to: 10 }],
      ['bytes=-3', { from: 7, to: 10 }],
      ['bytes=-99', { from: 0, to: 10 }],
    ] as const)
      expect(rangeOf(header, 10)).toEqual(range);
  });

  it('that asks for nothing of it is none', () => {
    for (const header of ['bytes=10-', 'bytes=10-12', 'bytes=-0'])
      expect(rangeOf(header, 10)).toBeUndefined();
  });

  it('that is no single range of bytes is all of it', () => {
    for (const header of [
      undefined,
      '',
      'bytes=',
      'bytes=-',
      'bytes=4-2',
      'bytes=1-2,4-5',
      'lines=1-2',
      'bytes=a-b',
    ])
      expect(rangeOf(header, 10)).toBeNull();
  });
});
