import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/protocol/ids.ts';
import { limits } from '../../src/protocol/limits.ts';
import { closeCodeIn, frame, type RawSocket, upgrade } from './raw-socket.ts';
import { origin, startDirectly, type Workerd } from './workerd.ts';

const mebibyte = 1024 * 1024;
let workerd: Workerd;
let visitor: string;
let conversation: string;
let site: string;

beforeAll(async () => {
  workerd = await startDirectly();
  const team = newId('team');
  site = newId('site');
  await workerd.database.batch([
    workerd.database.prepare(`INSERT INTO teams VALUES (?, 'Support', 0)`).bind(team),
    workerd.database
      .prepare(`INSERT INTO sites VALUES (?, 'Shop', ?, '["https://shop.test"]', 0, '{}')`)
      .bind(site, team),
  ]);
});

beforeEach(newConversation);

/** A visitor of their own for each test, since allowances and sockets are counted by person. */
async function newConversation(): Promise<void> {
  ({ access: visitor } = await post<{ access: string }>(`/api/v1/sites/${site}/visitor`, {}));
  const first = { id: randomUUID(), text: 'Hello' };
  const begun = await post<{ conversation: { id: string } }>('/api/v1/conversations', first);
  conversation = begun.conversation.id;
}

afterAll(async () => {
  await workerd.stop();
});

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = {
    origin,
    'content-type': 'application/json',
    ...(path.includes('/sites/') ? {} : { authorization: `Bearer ${visitor}` }),
  };
  const response = await fetch(new URL(path, workerd.url), {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function join(headers: Record<string, string> = {}): Promise<RawSocket> {
  const { ticket } = await post<{ ticket: string }>(`/api/v1/conversations/${conversation}/tickets`, {});
  const raw = await upgrade(workerd.url, `/api/v1/conversations/${conversation}/socket`, {
    Origin: origin,
    'Sec-WebSocket-Protocol': `sotto.v1, ticket.${ticket}`,
    ...headers,
  });
  expect(raw.head).toMatch(/^HTTP\/1\.1 101 /);
  return raw;
}

async function until(look: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    if (look()) return true;
    await sleep(50);
  }
  return false;
}

const posts = (count: number, text: string) =>
  frame(
    Buffer.from(
      JSON.stringify({
        type: 'post',
        posts: Array.from({ length: count }, () => ({ id: randomUUID(), since: 0, kind: 'text', text })),
      }),
    ),
  );

describe('C13 hostile sockets', () => {
  it('thirty with a small compressed bomb each cost less than 32 MiB', async () => {
    const sockets: RawSocket[] = [];
    for (let n = 0; n < 30; n++) {
      if (n % limits.socketsPerPerson === 0) await newConversation();
      sockets.push(await join({ 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' }));
    }
    for (const { head } of sockets) expect(head.toLowerCase()).not.toContain('permessage-deflate');
    const bomb = deflateRawSync(Buffer.alloc(30 * mebibyte, 'a'));
    expect(bomb.length).toBeLessThan(32 * 1024);
    const before = workerd.residentBytes();
    for (const { socket } of sockets) socket.write(frame(bomb, { compressed: true }));
    let peak = 0;
    for (let n = 0; n < 30; n++) {
      await sleep(100);
      peak = Math.max(peak, workerd.residentBytes());
    }
    console.log(
      `30 bombs of ${bomb.length} bytes: ${((peak - before) / mebibyte).toFixed(1)} MiB more at the peak`,
    );
    expect(peak - before).toBeLessThan(32 * mebibyte);
    for (const { socket } of sockets) socket.destroy();
    (await join()).socket.destroy();
  });

  it('a reader that takes nothing is let go with 4408, and the others hear everything', async () => {
    const sleeper = await join();
    const listener = await join();
    const writer = await join();
    sleeper.socket.pause();
    // Control characters take six bytes in JSON: more than the kernel's buffers on both sides take in for it.
    for (let n = 0; n < 200; n++) {
      writer.socket.write(posts(1, '\u0001'.repeat(16 * 1024)));
      await sleep(20);
    }
    const heard = () => listener.received.reduce((sum, chunk) => sum + chunk.length, 0);
    expect(await until(() => heard() > 200 * 6 * 16 * 1024)).toBe(true);
    sleeper.socket.resume();
    expect(await until(() => closeCodeIn(sleeper.received) !== undefined)).toBe(true);
    expect(closeCodeIn(sleeper.received)).toBe(4408);
    expect(closeCodeIn(listener.received)).toBeUndefined();
    for (const { socket } of [sleeper, listener, writer]) socket.destroy();
  });

  it('one that only sends what is refused, and reads nothing, costs less than 32 MiB', async () => {
    const sleeper = await join();
    sleeper.socket.pause();
    const before = workerd.residentBytes();
    let peak = 0;
    for (let n = 0; n < 400; n++) {
      sleeper.socket.write(n % 4 === 0 ? frame(Buffer.from('x')) : posts(200, 'x'));
      if (n % 20 === 0) peak = Math.max(peak, workerd.residentBytes());
      await sleep(10);
    }
    peak = Math.max(peak, workerd.residentBytes());
    console.log(`400 refused frames: ${((peak - before) / mebibyte).toFixed(1)} MiB more at the peak`);
    expect(peak - before).toBeLessThan(32 * mebibyte);
    sleeper.socket.resume();
    expect(await until(() => closeCodeIn(sleeper.received) !== undefined)).toBe(true);
    expect(closeCodeIn(sleeper.received)).toBe(4429);
  });
});
