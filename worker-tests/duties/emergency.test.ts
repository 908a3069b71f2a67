/** Conversations and files that are sealed anew under other keys: they read as before, and nothing opens by the old ones. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf, type Imaged, type Mark } from '../../src/chat/conversation.ts';
import type { Conversation } from '../../src/chat/conversation/object.ts';
import { ConversationKeys } from '../../src/chat/conversation/keys.ts';
import { numbersPerKey } from '../../src/chat/conversation/rules.ts';
import { vaultOf } from '../../src/config.ts';
import { emergencyPortion } from '../../src/duties/rotation.ts';
import { RunStore } from '../../src/duties/runs/store.ts';
import type { Message } from '../../src/protocol/frames.ts';
import type { FileId } from '../../src/protocol/ids.ts';
import type { KeysAnswer } from '../../src/protocol/keys.ts';
import { fromBase64url, isSameKey, keyStore } from '../../src/vault.ts';
import { accessFor, call, join } from '../cast.ts';
import {
  begins,
  later,
  latin,
  load,
  mark,
  open,
  owner,
  released,
  rings,
  send,
  start,
  putPart,
  finish,
  talk,
  text,
} from '../chat/files-scene.ts';
import { evict, hears, rows } from '../chat/scene.ts';
import { since, size } from '../ledger/scene.ts';
import { accountOf } from '../../src/people/account.ts';

beforeEach(() => begins());
afterEach(() => void vi.useRealTimers());

const said = async (words: string) => {
  talk.customer.post(words);
  await hears(talk.customer, words);
};
const messages = async () =>
  (
    await call<{ messages: Message[] }>('GET', `/api/v1/conversations/${talk.id}/messages`, {
      token: owner.access,
    })
  ).body.messages;
const rowsOf = async <Row>(query: string) => (await rows(talk.id, query)) as unknown as Row[];
const stored = async () =>
  (await rowsOf<{ keys: string; customer: ArrayBuffer }>('SELECT keys, customer FROM conversation'))[0];
const nothing = new Uint8Array();
const records = async () =>
  (JSON.parse((await stored())?.keys ?? '[]') as [number, string, boolean][]).map(
    ([, record]) => fromBase64url(record) ?? nothing,
  );
const sealed = async () =>
  (
    await rowsOf<{ position: number; sealed: ArrayBuffer }>(
      'SELECT position, sealed FROM messages ORDER BY position',
    )
  ).map(({ position, sealed }) => ({ position, sealed: new Uint8Array(sealed) }));
const isSame = (one?: Uint8Array, other?: Uint8Array) => isSameKey(one ?? nothing, other ?? nothing);
const recordOf = async (file: string) => {
  const [row] = await rowsOf<{ record: ArrayBuffer }>(`SELECT record FROM files WHERE id = '${file}'`);
  return row === undefined ? nothing : new Uint8Array(row.record);
};
/** Does portion after portion, each as often as this says. */
async function driven(run: string, times = 1): Promise<number> {
  let done = 0;
  for (let place: string | null | undefined; place !== null;) {
    const from: string | null = place ?? null;
    for (let time = 0; time < times; time++) {
      const portion = await emergencyPortion(env, run, from);
      place = portion.place;
      done += portion.done;
    }
  }
  return done;
}
const one = () => `emergency-1-${talk.id}`;
const fileRead = async (file: FileId) => {
  const opened = await open(owner.access, file);
  const bytes = await load(opened.body.address, {
    cookie: opened.headers.get('set-cookie')?.split(';')[0] ?? '',
  });
  return bytes.text();
};

describe('K19 a conversation that is sealed anew', () => {
  it('reads as before, in memory and as it lies, and nothing of it opens by the key of before', async () => {
    await said(`${mark} by the customer`);
    talk.desk.note(`${mark} as a note`, 1);
    await hears(talk.desk, `${mark} as a note`);
    const before = await messages();
    const [old] = await records();
    const [lay, was] = [await sealed(), await stored()];
    const entered = await size();
    await driven(one());
    const [anew] = await records();
    expect(isSame(old, anew)).toBe(false);
    const [now, is] = [await sealed(), await stored()];
    expect(now.map(({ position }) => position)).toEqual(lay.map(({ position }) => position));
    for (const [at, each] of now.entries()) expect(each.sealed).not.toEqual(lay[at]?.sealed);
    expect(latin(is?.customer ?? new ArrayBuffer())).not.toBe(latin(was?.customer ?? new ArrayBuffer()));
    expect(await messages()).toEqual(before);
    await evict(talk.id);
    expect(await messages()).toEqual(before);
    expect(await keyStore(env.KEYS).get('conversation', `${talk.id}/1`)).toEqual(anew);
    await said('And it goes on');
    // By the key of before nothing of it opens, whoever puts that back.
    const put = (keys = '') =>
      runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => {
        storage.sql.exec('UPDATE conversation SET keys = ?', keys);
      });
    const good = (await stored())?.keys;
    await put(was?.keys);
    await evict(talk.id);
    expect(
      (await call('GET', `/api/v1/conversations/${talk.id}/messages`, { token: owner.access })).status,
    ).toBe(500);
    await put(good);
    await evict(talk.id);
    expect((await since(entered)).filter(({ action }) => action === 'conversation.reseal')).toMatchObject([
      { actor: null, object: talk.id, facts: { messages: lay.length } },
    ]);
  });

  it('leaves what was taken away as it is, and comes to the same wherever it is cut off or done twice', async () => {
    await said('To be kept');
    await said('To be destroyed');
    const gone = (await messages()).find(({ text }) => text === 'To be destroyed');
    const taken = { seq: gone?.seq ?? 0, how: 'redacted' };
    expect(
      (await call('POST', `/api/v1/conversations/${talk.id}/removals`, { token: owner.access, body: taken }))
        .status,
    ).toBe(200);
    const before = await messages();
    await driven(one(), 2);
    await evict(talk.id);
    expect(await messages()).toEqual(before);
    const [row] = await records();
    expect(await keyStore(env.KEYS).get('conversation', `${talk.id}/1`)).toEqual(row);
  });

  it('is done stretch by stretch, each with a key of its own', async () => {
    // As if so many numbers lay behind it: what was said under them is out of its place, and not asked for.
    await runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => {
      storage.sql.exec('UPDATE messages SET position = position + ?', (numbersPerKey - 1) * 2 ** 16);
    });
    await evict(talk.id);
    const { epoch } = talk;
    const customer = await join(talk.id, talk.visitor.access, { after: numbersPerKey, epoch });
    customer.post('under the second key', numbersPerKey);
    await hears(customer, 'under the second key');
    await runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => {
      storage.sql.exec('DELETE FROM messages WHERE position < ?', (numbersPerKey + 1) * 2 ** 16);
    });
    const before = await records();
    expect(before).toHaveLength(2);
    await driven(one());
    const after = await records();
    for (const [at, record] of after.entries()) expect(isSame(before[at], record)).toBe(false);
    expect(await keyStore(env.KEYS).get('conversation', `${talk.id}/1`)).toEqual(after[0]);
    expect(await keyStore(env.KEYS).get('conversation', `${talk.id}/${numbersPerKey + 1}`)).toEqual(after[1]);
    await evict(talk.id);
    expect((await messages()).map(({ text }) => text)).toEqual(['under the second key']);
  });

  it('changes nothing where it cannot be stored, and the key of before stays', async () => {
    await said('Still here');
    const [old] = await records();
    const lay = await sealed();
    await runInDurableObject(conversationOf(env, talk.id), async (object: Conversation, { storage }) => {
      storage.sql.exec(
        "CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'no room'); END",
      );
      await expect(object.renewKey(null)).rejects.toThrow('no room');
      storage.sql.exec('DROP TRIGGER full');
    });
    expect(await records()).toEqual([old]);
    expect(await sealed()).toEqual(lay);
    expect((await messages()).map(({ text }) => text)).toContain('Still here');
    await evict(talk.id);
    expect((await messages()).map(({ text }) => text)).toContain('Still here');
  });
});

it('K19 a key that is opened while another takes its place is not taken for that one', async () => {
  const vault = await vaultOf(env);
  let isHeld = false;
  const waits: (() => void)[] = [];
  const keys = new ConversationKeys(async () => {
    if (isHeld) await new Promise<void>((resolve) => void waits.push(resolve));
    return vault;
  });
  const { row } = await keys.begin(talk.id);
  keys.load(talk.id, [row]);
  isHeld = true;
  const late = keys.opening(1);
  await expect.poll(() => waits.length).toBe(1);
  isHeld = false;
  const { to } = await keys.anew(1);
  // The one that was asked for above comes as late as can be.
  keys.renewed(to);
  waits.forEach((go) => {
    go();
  });
  await late;
  expect(await keys.opening(1)).toBe(to.key);
});

describe('K20 a file of it', () => {
  it('is read as before, its parts are others, and nothing of the ones before lies there any more', async () => {
    const bytes = `${mark} `.repeat(9_000);
    const file = await released(text(bytes));
    const names = async () => (await env.FILES.list({ prefix: `${talk.id}/` })).objects.map(({ key }) => key);
    const before = await names();
    const copy = await keyStore(env.KEYS).get('file', `${talk.id}/${file}`);
    await driven(one(), 2);
    const after = await names();
    expect(after).toHaveLength(before.length);
    expect(after.filter((name) => before.includes(name))).toEqual([]);
    const now = await keyStore(env.KEYS).get('file', `${talk.id}/${file}`);
    expect(now).toEqual(await recordOf(file));
    expect(isSame(now, copy)).toBe(false);
    expect(await fileRead(file)).toBe(bytes);
    await evict(talk.id);
    expect(await fileRead(file)).toBe(bytes);
  });

  it('whose new key could not be kept, or whose former parts could not go, has both done by the next alarm', async () => {
    const file = await released(text(mark));
    const place = `${talk.id}/${file}`;
    const names = async () => (await env.FILES.list({ prefix: `${place}/` })).objects.map(({ key }) => key);
    for (const [bucket, lost] of [
      ['KEYS', 'put'],
      ['FILES', 'delete'],
    ] as const) {
      const [before] = await names();
      await runInDurableObject(conversationOf(env, talk.id), async (object: Conversation) => {
        const theirs = (object as unknown as { env: typeof env }).env[bucket];
        const fault = vi.spyOn(theirs, lost).mockRejectedValue(new Error('lost'));
        await expect(object.renewFile(null)).rejects.toThrow('lost');
        fault.mockRestore();
      });
      expect(await names()).toContain(before);
      await evict(talk.id);
      later(2 * 60_000);
      await rings();
      expect(await keyStore(env.KEYS).get('file', place)).toEqual(await recordOf(file));
      expect(await names()).toHaveLength(1);
      expect(await names()).not.toContain(before);
      vi.useRealTimers();
      expect(await fileRead(file)).toBe(mark);
    }
  });

  it('that is damaged stays as it is, is said, and keeps nothing else from being sealed anew', async () => {
    const good = await released(text('good'));
    const bad = await released(text('bad'));
    const names = (await env.FILES.list({ prefix: `${talk.id}/${bad}/` })).objects.map(({ key }) => key);
    for (const name of names) await env.FILES.put(name, new Uint8Array(100));
    const was = await recordOf(bad);
    await driven(one());
    expect(await recordOf(bad)).toEqual(was);
    expect(await fileRead(good)).toBe('good');
    expect(await env.DB.prepare("SELECT thing FROM unmoved WHERE holder = 'emergency'").first('thing')).toBe(
      talk.id,
    );
  });

  it('of a conversation that is erased meanwhile leaves nothing behind', async () => {
    await released(text(mark));
    await runInDurableObject(conversationOf(env, talk.id), async (object: Conversation) => {
      await Promise.all([object.renewFile(null), object.erase(null)]);
    });
    expect((await env.FILES.list({ prefix: `${talk.id}/` })).objects).toEqual([]);
    expect((await env.KEYS.list({ prefix: `file/${talk.id}/` })).objects).toEqual([]);
    expect((await env.KEYS.list({ prefix: `conversation/${talk.id}/` })).objects).toEqual([]);
  });

  it('that is on its way is given up, and can be sent anew', async () => {
    const { file } = (await start(talk.visitor.access, text(mark))).body.upload;
    await driven(one());
    expect((await putPart(talk.visitor.access, file, 0, text(mark))).status).toBe(404);
    expect((await finish(talk.visitor.access, file)).status).toBe(404);
    expect(await send(talk.visitor.access, text(mark))).toMatch(/^fil_/);
  });
});

describe('K21 whoever may rotate keys', () => {
  const emergency = (conversation: string | null, token = owner.access) =>
    call<KeysAnswer>('POST', '/api/v1/emergency', { token, body: { conversation } });

  it('has one or all sealed anew with a new second factor, and hears how far that is', async () => {
    await said('Before');
    const [old] = await records();
    const session = (await accountOf(env, owner.id).sessions()).find(({ id }) => id === owner.session);
    later(6 * 60_000);
    const stale = session && (await accessFor(owner.id, session));
    expect((await emergency(null, stale)).body.code).toBe('step_up_needed');
    vi.useRealTimers();
    expect((await emergency('con_nobody')).body.code).toBe('invalid');
    const begun = await emergency(null);
    expect(begun.status).toBe(202);
    expect(begun.body.emergency).toMatchObject({ isOver: false, isOfOne: false });
    // As if it were some minutes ago that everybody heard of the new keys.
    await env.DB.prepare("UPDATE keys SET created_at = created_at - 180000 WHERE purpose = 'data'").run();
    await expect
      .poll(
        async () => (await call<KeysAnswer>('GET', '/api/v1/keys', { token: owner.access })).body.emergency,
        {
          timeout: 30_000,
        },
      )
      .toMatchObject({ isOver: true });
    const [anew] = await records();
    expect(isSame(anew, old)).toBe(false);
    expect((await messages()).map(({ text }) => text)).toContain('Before');
  });
});

describe('K21 while one conversation is sealed anew', () => {
  it('all are refused, and the same one is not begun twice', async () => {
    await new RunStore(env.DB).add('emergency', `emergency-${Date.now()}-${talk.id}`, Date.now());
    const emergency = (conversation: string | null) =>
      call<KeysAnswer & { code?: string }>('POST', '/api/v1/emergency', {
        token: owner.access,
        body: { conversation },
      });
    expect((await emergency(null)).body.code).toBe('already_done');
    const same = await emergency(talk.id);
    expect([same.status, same.body.emergency?.isOfOne]).toEqual([202, true]);
    await env.DB.prepare("DELETE FROM runs WHERE id LIKE 'emergency-%'").run();
  });
});

describe('K22 while a conversation is sealed anew', () => {
  it('everybody goes on writing and reading, and everything is there afterwards', async () => {
    const words = Array.from({ length: 12 }, (_, n) => `${mark} number ${n}`);
    const writing = (async () => {
      for (const each of words) await said(each);
    })();
    const reading = (async () => {
      for (let n = 0; n < 8; n++) await messages();
    })();
    for (let n = 0; n < 4; n++) await driven(one());
    await Promise.all([writing, reading]);
    await driven(one());
    await evict(talk.id);
    expect((await messages()).map(({ text }) => text)).toEqual(expect.arrayContaining(words));
    const [row] = await records();
    expect(await keyStore(env.KEYS).get('conversation', `${talk.id}/1`)).toEqual(row);
  });
});

describe('K23 the next backup', () => {
  it('takes all of a conversation again that was sealed anew, and once', async () => {
    await said('Once');
    const linesOf = (image?: { text: string }) => image?.text.trimEnd().split('\n').slice(0, -1) ?? [];
    const image = (mark: Mark | null) =>
      conversationOf(env, talk.id).image(mark, null) as Promise<Imaged | undefined>;
    const first = await image(null);
    const count = (await sealed()).length;
    expect(linesOf(first)).toHaveLength(count);
    expect(linesOf(await image(first?.mark ?? null))).toEqual([]);
    await driven(one());
    const again = await image(first?.mark ?? null);
    expect(linesOf(again)).toHaveLength(count);
    expect(linesOf(again)).not.toEqual(linesOf(first));
    await said('And one more');
    expect(linesOf(await image(again?.mark ?? null))).toHaveLength(1);
    // A mark that says nothing of how it is sealed.
    const [, digest = ''] = again?.mark.digest.split('.') ?? [];
    expect(linesOf(await image({ position: again?.mark.position ?? 0, digest }))).toHaveLength(count + 1);
  });

  it('so too where only its newest stretch was sealed anew so far, and not for a stretch that began since', async () => {
    await said('Under the first key');
    const image = (mark: Mark | null) =>
      conversationOf(env, talk.id).image(mark, null) as Promise<Imaged | undefined>;
    const messagesIn = (taken?: Imaged) => (taken?.text.trimEnd().split('\n').length ?? 1) - 1;
    const first = await image(null);
    await runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => {
      storage.sql.exec(
        'UPDATE messages SET position = position + ? WHERE position = (SELECT MAX(position) FROM messages)',
        (numbersPerKey - 1) * 2 ** 16,
      );
    });
    const count = (await sealed()).length;
    await evict(talk.id);
    const end = Math.floor(
      (await sealed()).reduce((last, { position }) => Math.max(last, position), 0) / 2 ** 16,
    );
    const customer = await join(talk.id, talk.visitor.access, { after: end, epoch: talk.epoch });
    customer.post('Under the second key', end);
    await hears(customer, 'Under the second key');
    expect(await records()).toHaveLength(2);
    const second = await image(first?.mark ?? null);
    expect(messagesIn(second)).toBe(2);
    expect(await image(second?.mark ?? null)).toBeUndefined();
    await runInDurableObject(conversationOf(env, talk.id), (object: Conversation) => object.renewKey(null));
    expect(messagesIn(await image(second?.mark ?? null))).toBe(count + 1);
  });
});
