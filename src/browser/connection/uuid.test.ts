import * as v from 'valibot';
import { expect, test } from 'vitest';
import { messageIdSchema } from '../../protocol/ids.ts';
import { uuid } from './uuid.ts';

test('an id is a version 4 UUID as the protocol wants it, and no two are the same', () => {
  const ids = Array.from({ length: 1_000 }, uuid);
  for (const id of ids) {
    expect(v.is(messageIdSchema, id), id).toBe(true);
    expect(id).toMatch(/^.{14}4.{4}[89ab]/);
  }
  expect(new Set(ids).size).toBe(1_000);
});
