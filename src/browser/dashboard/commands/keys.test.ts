import { describe, expect, test } from 'vitest';
import { settingsRights } from '../rights.ts';
import { commandOf, inWords, type Press, type Situation } from './keys.ts';
import { commandIds, entryOf } from './table.ts';

const press = (key: string, held: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});
const reading: Situation = { mac: false, typing: false, inList: true, singleKeys: true };
const typing = { ...reading, typing: true, inList: false };

describe('the table', () => {
  test('gives every key to one command', () => {
    const keys = commandIds.flatMap((id) => entryOf(id).keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('leads to every screen of the settings', () => {
    expect(Object.keys(settingsRights).filter((screen) => !commandIds.some((id) => id === screen))).toEqual(
      [],
    );
  });

  test('has a label for everything', () => {
    for (const id of commandIds) expect(entryOf(id).label).not.toBe('');
  });

  test('binds what it shows: every key pressed is its command', () => {
    for (const id of commandIds) {
      for (const keys of entryOf(id).keys ?? []) {
        const [modifier, letter] = keys.split('+');
        const pressed =
          modifier === 'Mod' && letter !== undefined
            ? press(letter.toLowerCase(), { ctrlKey: true })
            : press(keys);
        expect(commandOf(pressed, reading)).toBe(id);
      }
    }
  });
});

test('while somebody types, only keys with a modifier and Escape mean something', () => {
  for (const key of ['c', 'j', '?', '/', '1', 'ArrowDown'])
    expect(commandOf(press(key), typing)).toBeUndefined();
  expect(commandOf(press('k', { ctrlKey: true }), typing)).toBe('palette');
  expect(commandOf(press('i', { ctrlKey: true }), typing)).toBe('switchKind');
  expect(commandOf(press('Escape'), typing)).toBe('leave');
});

test('single keys can be turned off, the others stay', () => {
  const off = { ...reading, singleKeys: false };
  expect(commandOf(press('c'), off)).toBeUndefined();
  expect(commandOf(press('?', { shiftKey: true }), off)).toBeUndefined();
  expect(commandOf(press('k', { ctrlKey: true }), off)).toBe('palette');
  expect(commandOf(press('ArrowDown'), off)).toBe('next');
});

test('the browser’s own shortcuts are left alone', () => {
  expect(commandOf(press('c', { ctrlKey: true }), reading)).toBeUndefined();
  expect(commandOf(press('c', { altKey: true }), reading)).toBeUndefined();
  expect(commandOf(press('C', { shiftKey: true }), reading)).toBeUndefined();
  expect(commandOf(press('K', { ctrlKey: true, shiftKey: true }), reading)).toBeUndefined();
});

test('a question mark is one whether its keyboard needs Shift for it or not', () => {
  expect(commandOf(press('?', { shiftKey: true }), reading)).toBe('help');
  expect(commandOf(press('?'), reading)).toBe('help');
});

test('arrows move in the list, and scroll elsewhere', () => {
  expect(commandOf(press('ArrowDown'), reading)).toBe('next');
  expect(commandOf(press('ArrowDown'), { ...reading, inList: false })).toBeUndefined();
});

test('on a Mac it is Cmd, and Ctrl is not', () => {
  const mac = { ...reading, mac: true };
  expect(commandOf(press('k', { metaKey: true }), mac)).toBe('palette');
  expect(commandOf(press('k', { ctrlKey: true }), mac)).toBeUndefined();
  expect(inWords('Mod+K', true)).toBe('⌘ K');
  expect(inWords('Mod+K', false)).toBe('Ctrl K');
  expect(inWords('ArrowDown', false)).toBe('↓');
});
