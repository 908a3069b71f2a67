import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../protocol/frames.ts';
import {
  type Copy,
  appended,
  nothing,
  prepended,
  reaches,
  resumeQuery,
  startOf,
  welcomed,
  withChanged,
} from './copy.ts';
import { fileOf, message, note, sent } from './stage.ts';

/** A history of so many messages, where so many notes hang on each in turn. */
const history = (notes: readonly number[]): Message[] =>
  notes.flatMap((count, index) => [
    message(index + 1),
    ...Array.from({ length: count }, (_, n) => note(index + 1, n + 1)),
  ]);
const range = (from: number, to: number) => history(Array<number>(to).fill(0)).slice(from - 1);
const places = (copy: Copy) =>
  copy.messages.map(({ seq, n }) => (n === undefined ? `${seq}` : `${seq}.${n}`));
const shownOf = (messages: readonly Message[]) => places({ ...nothing, messages });
const begun = (epoch = 'one') => welcomed(nothing, epoch, 0, 0);
const all = (copy: Copy, messages: readonly Message[]) => {
  const longer = appended(copy, messages);
  if (longer === null) throw new Error('a gap in an unbroken run');
  return longer;
};

describe('C3 one unbroken run', () => {
  test('however frames overlap and wherever notes hang, nothing is repeated and nothing is out of order', () => {
    const notes = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 30 });
    const cuts = fc.array(fc.record({ from: fc.nat(60), length: fc.nat(20) }));
    fc.assert(
      fc.property(notes, cuts, (counts, frames) => {
        const whole = history(counts);
        let copy = begun();
        for (const { from, length } of frames)
          copy = appended(copy, whole.slice(from, from + length)) ?? copy;
        const shown = places(copy);
        expect(shown).toEqual([...new Set(shown)]);
        expect(shown.filter((place) => !place.includes('.'))).toEqual(
          range(1, copy.last?.seq ?? 0).map(({ seq }) => String(seq)),
        );
        expect(shown).toEqual(shownOf(whole).filter((place) => shown.includes(place)));
      }),
    );
  });

  test('a missing message or note is noticed', () => {
    const copy = all(begun(), history([0, 2]));
    expect(places(copy)).toEqual(['1', '2', '2.1', '2.2']);
    expect(appended(copy, [message(4)])).toBeNull();
    expect(appended(copy, [note(2, 4)])).toBeNull();
    expect(appended(copy, [note(3, 1)])).toBeNull();
    expect(appended(copy, history([0, 2]))).toBe(copy);
    expect(places(all(copy, [note(2, 3), message(3)])).slice(-2)).toEqual(['2.3', '3']);
  });
});

describe('C4 where to go on', () => {
  test('after the last number, and after its notes where there are any', () => {
    expect(resumeQuery(nothing)).toBe('');
    expect(resumeQuery(all(begun('a b'), range(1, 2)))).toBe('?after=2&epoch=a%20b');
    expect(resumeQuery(all(begun(), history([0, 2])))).toBe('?after=2&n=2&epoch=one');
  });

  test('caught up is the head and its notes', () => {
    const copy = all(begun(), history([0, 1]));
    expect(reaches(copy, 2, 1)).toBe(true);
    expect(reaches(copy, 2, 2)).toBe(false);
    expect(reaches(copy, 3, 0)).toBe(false);
    expect(reaches(nothing, 0, 0)).toBe(false);
  });

  test('another epoch, a lower head and fewer notes on it all mean that it starts anew', () => {
    const copy = all(begun(), history([0, 2]));
    expect(welcomed(copy, 'one', 2, 2)).toBe(copy);
    expect(welcomed(copy, 'one', 5, 0)).toBe(copy);
    for (const fresh of [
      welcomed(copy, 'two', 2, 2),
      welcomed(copy, 'one', 1, 9),
      welcomed(copy, 'one', 2, 1),
    ]) {
      expect(fresh.messages).toEqual([]);
    }
  });
});

describe('older pages', () => {
  test('one that does not join on is left out', () => {
    const copy = all(welcomed(nothing, 'one', 20, 0), range(11, 20));
    expect(prepended(copy, range(1, 9))).toBe(copy);
    expect(places(prepended(copy, range(5, 12)))).toEqual(shownOf(range(5, 20)));
  });

  test('a run that begins with a note asks for the message that it hangs on', () => {
    const whole = history([0, 3, 0]);
    const copy = all(welcomed(nothing, 'one', 3, 0), whole.slice(3));
    expect(places(copy)).toEqual(['2.2', '2.3', '3']);
    expect(startOf(copy)).toBe(3);
    expect(places(prepended(copy, whole.slice(0, 5)))).toEqual(shownOf(whole));
  });
});

describe('F50 what becomes of a file', () => {
  const [waiting, clean] = [fileOf(), fileOf({ state: 'clean' })];
  const stateOf = (messages: readonly Message[]) => messages.map(({ file }) => file?.state);

  test('stands in its message, and no other message is drawn anew', () => {
    const before = all(welcomed(nothing, 'one', 2, 0), [sent(1, waiting), message(2)]);
    const after = withChanged(before, [{ seq: 1, file: clean }]);
    expect(stateOf(after.messages)).toEqual(['clean', undefined]);
    expect(after.messages[1]).toBe(before.messages[1]);
  });

  test('that is told before its page has come holds for the page', () => {
    const copy = withChanged(all(welcomed(nothing, 'one', 20, 0), range(11, 20)), [{ seq: 9, file: clean }]);
    expect(stateOf(prepended(copy, [sent(9, waiting), message(10)]).messages.slice(0, 1))).toEqual(['clean']);
  });
});

describe('a removal', () => {
  const removed = { how: 'deleted', at: 5 } as const;

  test('takes the text and leaves the place, of messages and of notes', () => {
    const copy = withChanged(all(begun(), history([0, 1])), [
      { seq: 1, text: '', removed },
      { seq: 2, n: 1, text: '', removed },
    ]);
    expect(copy.messages.map(({ text, removed: how }) => [text, how?.how])).toEqual([
      ['', 'deleted'],
      ['text 2', undefined],
      ['', 'deleted'],
    ]);
  });

  test('that is told before its page has come holds for the page', () => {
    const copy = withChanged(all(welcomed(nothing, 'one', 20, 0), range(11, 20)), [
      { seq: 9, text: '', removed },
    ]);
    const [older] = prepended(copy, range(9, 10)).messages;
    expect(older).toMatchObject({ seq: 9, text: '', removed });
  });
});
