/** The ledger of a running Sotto, as strangers and its owner have it. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Checkpoint, readCheckpoint, readVerifierKey } from '../../protocol/ledger-proof.ts';
import type { Caller } from './caller.ts';

/** The signed head, no older than a second. Undefined: none of its keys has signed it. */
export async function ledgerHead(url: URL): Promise<Checkpoint | undefined> {
  const get = async (path: string) => (await fetch(new URL(`/ledger/${path}`, url))).text();
  const keys = (await get('keys')).split('\n').flatMap((line) => readVerifierKey(line) ?? []);
  return readCheckpoint(await get('checkpoint'), keys);
}

/** Everything that proves it, into this file. */
export async function exportLedger(url: URL, owner: Caller, path: string): Promise<void> {
  const answer = await fetch(new URL('/api/v1/ledger/export', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${await owner.access()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ format: 'ndjson' }),
  });
  if (!answer.ok || answer.body === null) throw new Error(`the export was refused with ${answer.status}`);
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(path));
}
