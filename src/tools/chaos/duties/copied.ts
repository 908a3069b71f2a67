/** Whether a copy of somebody's data is whole: every sum, the published form, and everything that they said and sent. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import { type FileEntry, Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import type { Talk } from '../../engine/customers.ts';
import { ROOT } from '../../project.ts';
import type { Finding } from '../checker/finding.ts';
import { checkSaid } from './checker.ts';

type Data = {
  conversations: { id: string; messages: { kind: string; text?: string; file?: { path?: string } }[] }[];
};

const schema = JSON.parse(readFileSync(join(ROOT, 'docs/schemas/copy-2.schema.json'), 'utf8')) as Schema;

export async function checkCopy(zip: Uint8Array, talks: readonly Talk[]): Promise<Finding[]> {
  try {
    const entries = await unzipped(zip);
    const data = JSON.parse(Buffer.from(entries.get('data.json') ?? []).toString()) as Data;
    const { valid, errors } = new Validator(schema, '2020-12', false).validate(data);
    if (!valid) return [{ kind: 'changed', what: `a copy has not its form: ${errors[0]?.error ?? ''}` }];
    const found = new Map(data.conversations.map((each) => [each.id, each]));
    return talks.flatMap((talk): Finding[] => {
      const messages = found.get(talk.id)?.messages ?? [];
      const texts = messages.flatMap(({ kind, text }) => (kind === 'text' ? [text ?? ''] : []));
      const said = checkSaid(`the copy of ${talk.id}`, texts, talk.said);
      if (talk.file === null) return said;
      const path = messages.find(({ kind }) => kind === 'file')?.file?.path ?? '';
      const isSame = talk.file.bytes.equals(entries.get(path) ?? new Uint8Array());
      return isSame ? said : [...said, { kind: 'lost', what: `the copy of ${talk.id}: its file` }];
    });
  } catch (error) {
    return [{ kind: 'changed', what: `a copy cannot be read: ${String(error)}` }];
  }
}

/** Every entry by its name, with all sums checked. */
async function unzipped(zip: Uint8Array): Promise<Map<string, Uint8Array>> {
  const reader = new ZipReader(new Uint8ArrayReader(zip), { checkCrc32: true, useWebWorkers: false });
  const entries = (await reader.getEntries()).filter((entry): entry is FileEntry => !entry.directory);
  const read: [string, Uint8Array][] = [];
  for (const entry of entries) read.push([entry.filename, await entry.getData(new Uint8ArrayWriter())]);
  return new Map(read);
}
