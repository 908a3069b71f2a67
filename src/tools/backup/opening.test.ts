import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import {
  listOf,
  manifestName,
  type Part,
  partsName,
  partsRoot,
  writeManifest,
} from '../../protocol/backup-proof.ts';
import {
  backupKey,
  bind,
  Keyring,
  type KeyTable,
  newRoot,
  sealBackup,
  toBase64url,
  Vault,
} from '../../vault.ts';
import { run } from '../command.ts';
import { ROOT } from '../project.ts';

const secret = `1:${newRoot()}`;
const keyring = await Keyring.parse(secret);
const made = mkdtempSync(join(tmpdir(), 'sotto-opening-'));
afterAll(() => {
  rmSync(made, { recursive: true });
});
const put = (name: string, bytes: Uint8Array | string) => {
  mkdirSync(dirname(join(made, name)), { recursive: true });
  writeFileSync(join(made, name), bytes);
};

// A deployment's keys, one conversation with a message, a note, one that was taken back, and a file.
const rows: Awaited<ReturnType<KeyTable['all']>>[number][] = [];
const table = {
  all: () => Promise.resolve(rows),
  insertActive: (row: (typeof rows)[number]) => Promise.resolve(void rows.push(row)),
  count: () => Promise.resolve(),
} as unknown as KeyTable;
const vault = await Vault.open(keyring, table, Date.now());
const id = 'con_AAAAAAAAAAAAAAAAAAAAAA';
const file = 'fil_AAAAAAAAAAAAAAAAAAAAAA';
const b = (bytes: Uint8Array) => ({ b: toBase64url(bytes) });
const { key, record } = await vault.newDataKey(bind('sotto/conversation-key/1', [id, 1]));
put(`keys/conversation/${id}/1`, record);
const message = async (seq: number, n: number, kind: string, text: string) => ({
  ...{
    position: seq * 2 ** 16 + n,
    id: `m${seq}.${n}`,
    author_kind: n > 0 ? 1 : 0,
    author: n > 0 ? 'per' : 'vis',
  },
  ...{ at: 1_000, read: 0 },
  sealed: b(
    await key.sealText(
      bind('sotto/message/1', [id, seq, n, n > 0 ? 'per' : 'vis', kind, 1_000, `m${seq}.${n}`]),
      text,
    ),
  ),
});
const fact = async (name: string, value: unknown) =>
  b(await key.sealText(bind('sotto/conversation-fact/1', [id, name]), JSON.stringify(value)));
const words = new TextEncoder().encode('what lies in the file');
const place = [id, file] as const;
const { key: fileKey, record: fileRecord } = await vault.newFileKey([...place]);
put(`keys/file/${id}/${file}`, fileRecord);
const { header, body } = await fileKey.sealPart(0, new Blob([words]).stream(), words.length);
const sealedFile = new Uint8Array(await new Response(body).arrayBuffer());
const manifest = await fileKey.sealManifest([{ attempt: 'one', length: words.length, header }], words.length);
const beside = {
  conversation: {
    ...{
      only: 1,
      id,
      site: 'sit',
      team: 'tea',
      visitor: 'vis_A',
      state: 'closed',
      started_at: 1_000,
      keys: '[1]',
    },
    page: await fact('page', 'https://shop.test/'),
    ...{
      customer: await fact('customer', { name: 'Kim' }),
      tags: await fact('tags', []),
      comment: await fact('comment', null),
    },
  },
  removals: [{ position: 3 * 2 ** 16 }],
  marks: [],
  entries: [],
  files: [
    {
      ...{ id: file, seq: 2, state: 'clean', manifest: b(manifest) },
      about: b(await fileKey.sealText(bind('sotto/file/1', [...place]), '{"name":"notes.txt"}')),
    },
  ],
};
const lines = [
  ...[
    await message(1, 0, 'text', 'Hello there'),
    await message(1, 1, 'note', 'Only for us'),
    await message(2, 0, 'file', file),
    { ...(await message(3, 0, 'text', '')), sealed: { b: '' } },
  ].map((each) => ({ conversation: id, message: each })),
  { conversation: id, messages: 4, beside },
  ...rows
    .filter(({ purpose }) => purpose !== 'token')
    .map(({ wrapped, createdAt, ...row }) => ({
      table: 'keys',
      row: { ...row, wrapped: b(wrapped), created_at: createdAt },
    })),
  { table: 'conversations', row: { id, visitor: 'vis_A' } },
  { table: 'erased', row: { id: 'con_erased', at: 1 } },
  { checkpoint: 'none', backup: 1 },
];
const parts: Part[] = [];
for (const [name, plain] of [
  ['00000001/000000-a', gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))],
  [`objects/files/${id}/${file}/0/one-00000000-0000-0000-0000-000000000000`, sealedFile],
] as const) {
  const sealed = await sealBackup(keyring, name, plain);
  put(`backups/${name}`, sealed);
  parts.push({ name, bytes: sealed.length, sha256: createHash('sha256').update(sealed).digest('base64') });
}
const { publicKey, privateKey } = await backupKey(keyring);
put(
  `backups/${manifestName(1)}`,
  await writeManifest(
    {
      ...{
        origin: 'sotto.test/backup',
        number: 1,
        at: 1_800_000_000_000,
        full: true,
        previous: null,
        ledger: 0,
      },
      ...{ parts: parts.length, root: partsRoot(parts) },
    },
    publicKey,
    (bytes) => crypto.subtle.sign('Ed25519', privateKey, bytes),
  ),
);
put(`backups/${partsName(1)}`, listOf(parts));

const backup = (command: string, args: string[] = [], KEYRING = secret) =>
  run(process.execPath, [join(ROOT, 'src/tools/backup.ts'), command, join(made, 'backups'), ...args], {
    timeoutSeconds: 30,
    env: { KEYRING },
  });
const open = (what: string[], KEYRING = secret) =>
  backup('open', ['--keys', join(made, 'keys'), '--to', join(made, 'opened'), ...what], KEYRING);

test('R18 a downloaded backup says what it holds, and opens with a copy of the store of keys and KEYRING', async () => {
  const listed = await backup('list');
  expect(listed.output).toContain('new: 1 conversations with 4 messages, 0 entries of the ledger');
  expect(listed.output).toContain('keys 4, conversations 1, erased 1');
  expect((await open(['--conversation', id])).output).toContain('Opened 1 conversations with 1 files');
  const told = JSON.parse(readFileSync(join(made, 'opened', `${id}.json`), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(told).toMatchObject({
    ...{ id, page: 'https://shop.test/', customer: { name: 'Kim' } },
    messages: [
      { seq: 1, kind: 'text', text: 'Hello there' },
      { seq: 1, n: 1, kind: 'note', text: 'Only for us', from: { kind: 'staff' } },
      { seq: 2, kind: 'file' },
      { seq: 3, text: null, removed: true },
    ],
    files: [{ id: file, name: 'notes.txt' }],
  });
  expect(readFileSync(join(made, 'opened', id, file), 'utf8')).toBe('what lies in the file');
  expect((await open(['--visitor', 'vis_A'])).ok).toBe(true);
});

test('R15 a key that lies beside the backups under a root that KEYRING has no more is passed over', async () => {
  const other = await Keyring.parse(`9:${newRoot()}`);
  put('backups/keys/999', await sealBackup(other, 'keys/999', gzipSync('{}')));
  expect((await open(['--conversation', id])).output).toContain('Opened 1 conversations with 1 files');
  put('backups/keys/999', 'nothing that opens');
  expect((await open(['--conversation', id])).output).toContain('keys/999 does not open with this KEYRING');
  rmSync(join(made, 'backups/keys'), { recursive: true });
});

test('R18 R10 nothing opens of what was erased, without its key, or with another KEYRING', async () => {
  expect((await open(['--conversation', 'con_erased'])).output).toBe('con_erased was erased.\n');
  expect((await open(['--conversation', 'con_none'])).output).toBe('Backup 1 holds nothing of con_none.\n');
  expect((await open(['--conversation', id], `1:${newRoot()}`)).output).toBe(
    'Not whole: Backup 1 was not signed by a key of this KEYRING.\n',
  );
  rmSync(join(made, 'keys/conversation'), { recursive: true });
  const { ok, output } = await open(['--conversation', id]);
  expect(ok).toBe(false);
  expect(output).toContain(`The key of ${id} is nowhere`);
});
