import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import type { ConversationId } from '../../src/protocol/ids.ts';
import { act, scene, type Scene, talking, waitingSince } from './scene.ts';

let here: Scene;
beforeAll(async () => {
  here = await scene();
});

/** The next statement of this conversation that begins so fails, as on a full disk. */
function failOnce(id: ConversationId, beginning: string): Promise<void> {
  return runInDurableObject(conversationOf(env, id), (_, { storage: { sql } }) => {
    const exec = sql.exec.bind(sql) as (query: string, ...bindings: unknown[]) => SqlStorageCursor<never>;
    let isDue = true;
    Object.defineProperty(sql, 'exec', {
      value: (query: string, ...bindings: unknown[]) => {
        if (!isDue || !query.startsWith(beginning)) return exec(query, ...bindings);
        isDue = false;
        throw new Error('database or disk is full');
      },
    });
  });
}

it('C11 C22 a removal that could not be stored changed nothing, and made again it reaches the inbox', async () => {
  const { id, visitor } = await talking(here);
  expect(await waitingSince(here, id)).toEqual(expect.any(Number));
  await failOnce(id, 'INSERT OR REPLACE INTO conversation');
  expect((await act('removals', id, visitor.access, { seq: 1, how: 'deleted' })).status).toBe(500);
  expect((await act('removals', id, visitor.access, { seq: 1, how: 'deleted' })).status).toBe(200);
  expect(await waitingSince(here, id)).toBeNull();
});
