import { signal } from '@preact/signals-core';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../protocol/frames.ts';
import { ApiError } from '../api.ts';
import type { PutBytes } from '../api/bytes.ts';
import { conversationId, fileOf, offline, sent, soon, Stage, visitor } from './stage.ts';
import { Uploads } from './uploads.ts';

const partBytes = 4;
const filesPath = `/api/v1/conversations/${conversationId}/files`;

/** A server that takes files, as far as an upload sees it. */
class Taker {
  readonly stage = new Stage();
  readonly messages = signal<readonly Message[]>([]);
  readonly asked: string[] = [];
  /** What the next requests of this kind fail with, before or after they have done their work. */
  fails: Record<string, ApiError[]> = {};
  loses: Record<string, number> = {};
  /** Parts that are under way wait here. */
  held: (() => void)[] | null = null;
  #stored = new Map<string, Set<number>>();
  #bytes = new Map<string, number>();
  readonly uploads = new Uploads(
    { id: conversationId, messages: this.messages },
    {
      post: (path, body) => this.#post(path, body as { id: string; bytes: number }) as never,
      delete: (path) => {
        this.asked.push(`DELETE ${path.split('/').at(-1) ?? ''}`);
        return Promise.resolve({}) as never;
      },
      as: (ask) => ask('token', {}),
    },
    this.stage,
    (put) => this.#put(put),
  );

  add(name: string, text: string, sensitive = false): void {
    this.uploads.add(new File([text], name), sensitive);
  }

  standings(): string[] {
    return this.uploads.list.value.map(({ file, standing }) => {
      const more = 'sent' in standing ? ` ${standing.sent}` : 'code' in standing ? ` ${standing.code}` : '';
      return `${file.name}: ${standing.is}${more}${'lost' in standing && standing.lost ? ', lost' : ''}`;
    });
  }

  // What it refuses is a promise that is not kept.
  // oxlint-disable-next-line typescript/require-await
  async #post(path: string, body: { id: string; bytes: number }): Promise<object> {
    const rest = path.slice(filesPath.length);
    const what = rest === '' ? 'begin' : 'finish';
    this.asked.push(rest === '' ? 'begin' : rest.slice(1));
    this.#refuse(what);
    if (what === 'finish') return this.#answer(what, {});
    this.#bytes.set(body.id, body.bytes);
    const stored = [...(this.#stored.get(body.id) ?? [])];
    const parts = Math.ceil(body.bytes / partBytes);
    return this.#answer(what, { upload: { file: body.id, partBytes, parts, stored } });
  }

  async #put({ path, bytes, moved, ended }: Parameters<PutBytes>[0]): Promise<never> {
    const [file = '', , part = ''] = path.slice(filesPath.length + 1).split('/');
    this.asked.push(`part ${part}`);
    const { held } = this;
    if (held !== null)
      await new Promise<void>((resolve, reject) => {
        held.push(resolve);
        ended.addEventListener('abort', () => reject(offline));
      });
    this.#refuse('part');
    moved(bytes.byteLength);
    const stored = this.#stored.get(file) ?? new Set();
    this.#stored.set(file, stored.add(Number(part)));
    return this.#answer('part', { stored: [...stored] }) as never;
  }

  #refuse(what: string): void {
    const failure = this.fails[what]?.shift();
    if (failure !== undefined) throw failure;
  }

  /** The work is done, and nobody hears of it. */
  #answer(what: string, answer: object): object {
    const left = this.loses[what] ?? 0;
    this.loses[what] = left - 1;
    if (left > 0) throw offline;
    return answer;
  }
}

const refusal = (code: ApiError['code'], status = 422) => new ApiError(code, status, `because ${code}`);

describe('F51 a file on its way', () => {
  test('is begun, sent part by part and finished, and goes once its message is there', async () => {
    const taker = new Taker();
    taker.add('a.txt', '0123456789');
    await soon(() => expect(taker.standings()).toEqual(['a.txt: finishing']));
    const { id } = taker.uploads.list.value[0] ?? { id: '' };
    expect(taker.asked).toEqual(['begin', 'part 0', 'part 1', 'part 2', `${id}/finish`]);
    expect(taker.uploads.underWay()).toBe(true);
    taker.messages.value = [sent(1, fileOf(), { id, from: visitor })];
    expect(taker.standings()).toEqual([]);
    expect(taker.uploads.underWay()).toBe(false);
  });

  test('goes on after a lost connection with what the server has not, by itself', async () => {
    const taker = new Taker();
    taker.fails = { part: [offline] };
    // The first part arrives, the answer to it does not.
    taker.loses = { part: 1 };
    taker.fails = {};
    taker.add('a.txt', '0123456789');
    await soon(() => expect(taker.standings()).toEqual(['a.txt: sending 4, lost']));
    await taker.stage.notice('online');
    await soon(() => expect(taker.standings()).toEqual(['a.txt: finishing']));
    expect(taker.asked.slice(0, 5)).toEqual(['begin', 'part 0', 'begin', 'part 1', 'part 2']);
  });

  test('that was finished by a request whose answer was lost is not sent again', async () => {
    const taker = new Taker();
    taker.fails = { part: [refusal('already_done', 409)] };
    taker.add('a.txt', '0123');
    await soon(() => expect(taker.standings()).toEqual(['a.txt: finishing']));
  });

  test('waits while two others are under way', async () => {
    const taker = new Taker();
    taker.held = [];
    for (const name of ['a', 'b', 'c']) taker.add(name, '0123');
    await soon(() => expect(taker.held).toHaveLength(2));
    expect(taker.standings()).toEqual(['a: sending 0', 'b: sending 0', 'c: waiting']);
    taker.held.shift()?.();
    await soon(() => expect(taker.held).toHaveLength(2));
    expect(taker.standings()).toEqual(['a: finishing', 'b: sending 0', 'c: sending 0']);
  });

  test('that is cancelled is given up on the server too, and the next one goes', async () => {
    const taker = new Taker();
    taker.held = [];
    for (const name of ['a', 'b', 'c']) taker.add(name, '0123');
    await soon(() => expect(taker.held).toHaveLength(2));
    const { id } = taker.uploads.list.value[0] ?? { id: '' };
    taker.uploads.cancel(id);
    await soon(() => expect(taker.asked).toContain(`DELETE ${id}`));
    await soon(() => expect(taker.standings()).toEqual(['b: sending 0', 'c: sending 0']));
  });

  test.each(['begin', 'part', 'finish'])('whose %s came in haste goes on by itself', async (what) => {
    const taker = new Taker();
    taker.fails = { [what]: [refusal('too_fast', 429)] };
    taker.add('a.txt', '0123');
    await soon(() => expect(taker.standings()[0]).toMatch(/lost$/));
    const before = taker.asked.length;
    // Nobody presses anything, and nothing is asked before its time.
    taker.uploads.tryNow();
    await taker.stage.pass(9_000);
    expect(taker.asked).toHaveLength(before);
    await taker.stage.pass(5_000);
    await soon(() => expect(taker.standings()).toEqual(['a.txt: finishing']));
  });

  test('that is refused says why and is not tried again; what may pass is tried again by hand', async () => {
    const taker = new Taker();
    taker.fails = { finish: [refusal('file_mismatch')], begin: [] };
    taker.add('a.pdf', '0123');
    await soon(() => expect(taker.standings()).toEqual(['a.pdf: refused file_mismatch']));
    expect(taker.uploads.underWay()).toBe(false);
    taker.fails = { begin: [refusal('enough_today', 409)] };
    taker.add('b.txt', '0123');
    await soon(() => expect(taker.standings()[1]).toBe('b.txt: failed enough_today'));
    taker.uploads.retry(taker.uploads.list.value[1]?.id ?? '');
    await soon(() => expect(taker.standings()[1]).toBe('b.txt: finishing'));
  });

  test('that can not be read any more says so', async () => {
    const taker = new Taker();
    const file = new File(['0123'], 'a.txt');
    file.slice = () => {
      throw new DOMException('gone', 'NotReadableError');
    };
    taker.uploads.add(file, false);
    await soon(() => expect(taker.standings()).toEqual(['a.txt: refused unreadable']));
  });
});
