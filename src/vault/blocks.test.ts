import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { bind } from './binding.ts';
import { concat } from './bytes.ts';
import { openStream, run } from './cast.ts';
import { sealMessage } from './cobblestone.ts';
import { splitStream } from './file-key.ts';

const key = await splitStream(run(32));
const here = bind('sotto/test/1', ['here']);
const LARGE = 8_000_000;
/** Four blocks of sixteen chunks and more: what may have been taken in and not been given yet. */
const HELD = 1_100_000;

/** A stream that counts what was taken of it, and says whether it was told that nobody wants more. */
class Counted {
  taken = 0;
  ended = false;
  readonly stream: ReadableStream<Uint8Array>;

  constructor(bytes: Uint8Array) {
    this.stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (this.taken >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(this.taken, (this.taken += 4_096)));
      },
      cancel: () => {
        this.ended = true;
      },
    });
  }
}

/** Reads so slowly that all is made that may be made meanwhile. */
async function slowly(stream: ReadableStream<Uint8Array>, source: Counted): Promise<Uint8Array> {
  const given: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of stream) {
    given.push(bytes);
    length += bytes.length;
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    expect(source.taken - length).toBeLessThan(HELD);
  }
  return concat(...given);
}

test('F5 sealing and opening hold a few chunks, however large the file and however slow its reader', async () => {
  const plain = new Counted(new Uint8Array(LARGE));
  const { header, size, body } = await sealMessage(key, here, plain.stream, LARGE);
  const sealed = new Counted(await slowly(body, plain));
  const message = { header, size, body: sealed.stream };
  const opened = await openStream(key, here, message, { from: 0, to: LARGE });
  expect(await slowly(opened, sealed)).toHaveLength(LARGE);
});

test('F5 whoever stops reading ends what is sealed or opened for them', async () => {
  const plain = new Counted(new Uint8Array(LARGE));
  const { header, size, body } = await sealMessage(key, here, plain.stream, LARGE);
  await body.cancel();
  const sealed = new Counted(new Uint8Array(concat(header, new Uint8Array(size))));
  const message = { header, size, body: sealed.stream };
  await (await openStream(key, here, message, { from: 0, to: LARGE })).cancel();
  expect([plain.ended, sealed.ended]).toEqual([true, true]);
});

test('F5 what is refused is read no further', async () => {
  const { header, size, body } = await sealMessage(key, here, new Counted(run(0)).stream, 0);
  await body.cancel();
  const sealed = new Counted(new Uint8Array(LARGE));
  const message = { header, size, body: sealed.stream };
  await expect(openStream(key, here, message, { from: 0, to: 0 })).rejects.toThrow();
  const long = new Counted(new Uint8Array(LARGE));
  const sealing = (await sealMessage(key, here, long.stream, 5)).body;
  await expect(new Response(sealing).arrayBuffer()).rejects.toThrow();
  expect([sealed.ended, long.ended]).toEqual([true, true]);
});
