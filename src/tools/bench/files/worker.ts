/**
 * The product, with doors at which files are sealed and kept as the product does, or kept as they come, and nothing else
 * is done. It is bundled in the product's place.
 */
import product, * as classes from '../../../worker.ts';
import { filePlace, StoredFile } from '../../../chat/files.ts';
import { vaultOf } from '../../../config.ts';
import { newId } from '../../../protocol/ids.ts';
import { limits } from '../../../protocol/limits.ts';
import type { FileKey, FilePart } from '../../../vault.ts';

export const { Account, Conversation, Inbox, Ledger, Runs, Scratch, Watch } = classes;

type Env = ConstructorParameters<typeof classes.Conversation>[1];

/** A file that is kept part by part and read as a whole. */
interface Kept {
  put(part: number, bytes: ReadableStream<Uint8Array>, length: number): Promise<void>;
  read(): Promise<ReadableStream<Uint8Array>>;
}

async function sealed(env: Env): Promise<Kept> {
  const [conversation, file] = [newId('conversation'), newId('file')];
  const { key }: { key: FileKey } = await (await vaultOf(env)).newFileKey(filePlace(conversation, file));
  const stored = new StoredFile(env.FILES, conversation, file);
  const parts: FilePart[] = [];
  return {
    put: async (part, bytes, length) => {
      parts[part] = await stored.put(key, part, bytes, length);
    },
    read: () => {
      const length = parts.reduce((sum, part) => sum + part.length, 0);
      return stored.send(key, { length, parts }, { from: 0, to: length });
    },
  };
}

/** What the product would do if it did not seal. */
function plain(env: Env): Kept {
  const name = crypto.randomUUID();
  const lengths: number[] = [];
  return {
    put: async (part, bytes, length) => {
      const { readable, writable } = new FixedLengthStream(length);
      await Promise.all([bytes.pipeTo(writable), env.FILES.put(`${name}/${part}`, readable)]);
      lengths[part] = length;
    },
    read: () => {
      const { readable, writable } = new FixedLengthStream(lengths.reduce((sum, length) => sum + length, 0));
      void inTurn(writable, lengths.length);
      return Promise.resolve(readable);
    },
  };

  async function inTurn(writable: WritableStream<Uint8Array>, parts: number): Promise<void> {
    for (let part = 0; part < parts; part++) {
      const stored = await env.FILES.get(`${name}/${part}`);
      await stored?.body.pipeTo(writable, { preventClose: true });
    }
    await writable.close();
  }
}

/** What looking at a picture would take if nothing were looked at or sealed: read, and put back part by part. */
async function copied(env: Env, file: Kept): Promise<void> {
  const name = crypto.randomUUID();
  const part = new Uint8Array(limits.filePartBytes);
  let [filled, parts] = [0, 0];
  for await (const chunk of await file.read()) {
    for (let rest: Uint8Array = chunk; rest.length > 0;) {
      const piece = rest.subarray(0, part.length - filled);
      part.set(piece, filled);
      filled += piece.length;
      rest = rest.subarray(piece.length);
      if (filled < part.length) continue;
      await env.FILES.put(`${name}/${parts++}`, part);
      filled = 0;
    }
  }
  await env.FILES.put(`${name}/${parts}`, part.subarray(0, filled));
}

const kept = new Map<string, Kept>();

export default {
  async fetch(request, env, ctx) {
    const [, bench, kind, name = '', part] = new URL(request.url).pathname.split('/');
    if (bench !== 'bench') return product.fetch(request, env, ctx);
    const file = kept.get(name) ?? (kind === 'sealed' ? await sealed(env) : plain(env));
    kept.set(name, file);
    if (request.method === 'GET') return new Response(await file.read());
    if (request.method === 'POST') {
      await copied(env, file);
      return new Response();
    }
    const body: ReadableStream<Uint8Array> | null = request.body;
    if (body === null) return new Response(null, { status: 400 });
    await file.put(Number(part), body, Number(request.headers.get('content-length')));
    return new Response();
  },
} satisfies ExportedHandler<Env>;
