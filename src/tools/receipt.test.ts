import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { newId } from '../protocol/ids.ts';
import { hashOf, reportNoteText, signedPage } from '../protocol/checks-report.ts';
import { signNote, verifierKey } from '../protocol/ledger-proof.ts';
import { receiptText } from '../protocol/receipt.ts';
import { run } from './command.ts';
import { ROOT } from './project.ts';

// It starts the tool several times over, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), 'sotto-receipt-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function newKey(name: string) {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as {
    publicKey: Awaited<ReturnType<typeof crypto.subtle.importKey>>;
    privateKey: Awaited<ReturnType<typeof crypto.subtle.importKey>>;
  };
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const sign = (text: Uint8Array<ArrayBuffer>) => crypto.subtle.sign('Ed25519', pair.privateKey, text);
  return { name, publicKey, sign };
}

const tool = (...args: string[]) =>
  run(process.execPath, [join(ROOT, 'src/tools/receipt.ts'), ...args], { timeoutSeconds: 60 });

test('D28 a receipt is checked by its file and a key alone', async () => {
  const [key, other] = [await newKey('sotto.test/ledger'), await newKey('sotto.test/ledger')];
  const request = newId('request');
  const text = receiptText({
    ...{ from: 'sotto.test', request, kind: 'erasure', visitor: newId('visitor') },
    ...{ asked: '2026-11-28T08:00:00.000Z', done: '2026-11-28T09:00:00.000Z', conversations: '3' },
  });
  const path = join(folder, 'receipt.txt');
  const note = await signNote(text, key, key.sign);
  writeFileSync(path, note);
  const good = await tool(path, '--key', verifierKey(key));
  expect([good.ok, good.output]).toEqual([true, expect.stringContaining(`request: ${request}`)]);
  const strange = await tool(path, '--key', verifierKey(other));
  expect([strange.ok, strange.output]).toEqual([false, expect.stringContaining('no receipt')]);
  writeFileSync(path, note.replace('conversations 3', 'conversations 0'));
  expect((await tool(path, '--key', verifierKey(key))).ok).toBe(false);
  expect((await tool(path)).output).toContain('npm run receipt:verify');
});

test('D89 the receipt of a refusal is checked as one of what was done is', async () => {
  const key = await newKey('sotto.test/ledger');
  const times = { asked: '2026-11-28T08:00:00.000Z', refused: '2026-11-28T09:00:00.000Z' };
  const asked = { from: 'sotto.test', request: newId('request'), visitor: newId('visitor') };
  const text = receiptText({ ...asked, ...times, kind: 'access', law: 'ccpa', ground: 'unproved' });
  const path = join(folder, 'refusal.txt');
  const note = await signNote(text, key, key.sign);
  writeFileSync(path, note);
  const good = await tool(path, '--key', verifierKey(key));
  expect([good.ok, good.output]).toEqual([true, expect.stringMatching(/law: ccpa\nground: unproved/)]);
  writeFileSync(path, note.replace('ground unproved', 'ground others'));
  expect((await tool(path, '--key', verifierKey(key))).ok).toBe(false);
});

test('A8 a report of security checks is checked by its file and a key alone', async () => {
  const [key, other] = [await newKey('sotto.test/ledger'), await newKey('sotto.test/ledger')];
  const page = '<!doctype html>\n<p>Failed: 1</p>\n';
  const text = reportNoteText({
    ...{ from: 'sotto.test', run: 'checks-2026-11-28', format: 'html', sha256: await hashOf(page) },
    ...{ looked: '2026-11-28T03:17:00.000Z', made: '2026-11-28T09:00:00.000Z' },
    ...{ passed: '41', accepted: '2', failed: '1', 'not-run': '6' },
  });
  const path = join(folder, 'report.html');
  const file = signedPage(page, await signNote(text, key, key.sign));
  writeFileSync(path, file);
  const good = await tool(path, '--key', verifierKey(key));
  expect([good.ok, good.output]).toEqual([true, expect.stringContaining('failed: 1')]);
  expect((await tool(path, '--key', verifierKey(other))).ok).toBe(false);
  for (const changed of [
    file.replace('Failed: 1', 'Failed: 0'),
    file.replace('failed 1', 'failed 0'),
    `${file}.`,
  ]) {
    writeFileSync(path, changed);
    expect((await tool(path, '--key', verifierKey(key))).ok).toBe(false);
  }
});
