import { expect, test } from 'vitest';
import {
  checkBackedUp,
  checkGone,
  checkKeys,
  checkNamed,
  checkSaid,
  checkTraces,
  type Standing,
} from './checker.ts';

const row = { position: 65_536, id: 'one', at: 10, sealed: Uint8Array.of(1, 2, 3) };
const line = { conversation: 'con_1', message: { ...row, sealed: { b: 'AQID' } } };
const talk = { id: 'con_1', messages: [row], keys: [] };
const standing: Standing = {
  directory: new Set(['con_1']),
  talks: new Map([['con_1', talk]]),
  keys: ['conversation/con_1/1'],
  files: ['con_1/fil_1/0/x'],
  erased: new Set(['con_2']),
};

test('who was to go is gone to the last trace, and who was to stay is there', () => {
  expect(checkGone(standing, ['con_2'], ['con_1'])).toEqual([]);
  const [left] = checkGone(standing, ['con_1'], []);
  expect(left?.what).toContain('its line, its rows, its keys, its files, nobody knows');
  expect(checkGone(standing, [], ['con_2'])).toMatchObject([{ kind: 'lost' }]);
  expect(checkGone({ ...standing, keys: ['file/con_2/fil_1'] }, ['con_2'], [])).toHaveLength(1);
});

test('no key of theirs lies anywhere, as bytes or as text, and nothing in the clear', () => {
  const key = Uint8Array.of(251, 255, 190, 7);
  const at = (bytes: Uint8Array | string) => [{ at: 'D1 people.key', bytes: Buffer.from(bytes) }];
  expect(checkTraces(at('something else'), [key], ['Mark!'])).toEqual([]);
  expect(checkTraces(at(Buffer.concat([Buffer.from('x'), key])), [key], [])).toHaveLength(1);
  expect(checkTraces(at('[[1,"-_--Bw",true]]'), [key], [])).toHaveLength(1);
  expect(checkTraces(at('so said Mark! then'), [], ['Mark!'])).toHaveLength(1);
});

test('every message from before lies in a backup as it is', () => {
  expect(checkBackedUp([talk], [line], 11)).toEqual([]);
  expect(checkBackedUp([talk], [], 10)).toEqual([]);
  expect(checkBackedUp([talk], [], 11)).toMatchObject([{ kind: 'lost' }]);
  const other = { ...line, message: { ...line.message, sealed: { b: 'AQIE' } } };
  expect(checkBackedUp([talk], [other], 11)).toMatchObject([{ kind: 'changed' }]);
});

test('what lies in a bucket is named, and what is named lies there', () => {
  expect(checkNamed('backups', ['a'], ['a'])).toEqual([]);
  expect(checkNamed('backups', ['a', 'b'], ['a', 'c']).map(({ kind }) => kind)).toEqual([
    'not healed',
    'lost',
  ]);
});

test('nothing lies under a key that is gone, and what is read is what was said', () => {
  expect(checkKeys([{ at: 'one', key: 2 }], new Set([2]))).toEqual([]);
  expect(checkKeys([{ at: 'one', key: 1 }], new Set([2]))).toHaveLength(1);
  expect(checkSaid('con_1', ['a', 'b'], ['a', 'b'])).toEqual([]);
  expect(checkSaid('con_1', ['a'], ['a', 'b'])).toHaveLength(1);
  expect(checkSaid('con_1', ['b', 'a'], ['a', 'b'])).toHaveLength(1);
});
