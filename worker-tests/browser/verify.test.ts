import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerLine } from '../../src/protocol/ledger.ts';
import {
  checkpointText,
  fromBase64,
  hashesOf,
  leafBytes,
  leafHash,
  leafText,
  provesConsistency,
  provesInclusion,
  rootOf,
  signNote,
  tilesOf,
  verifierKey,
} from '../../src/protocol/ledger-proof.ts';
import { run } from '../../src/tools/command.ts';
import { ROOT } from '../../src/tools/project.ts';
import { faultsInEveryLook } from './axe.ts';
import { Scene } from './scene.ts';

// One story in order: an auditor takes the ledger along, unplugs the network, and verifies what they have.

let scene: Scene;
let ines: Page;
/** Where the file lies, and what stands in it. */
let path: string;
let text: string;
let lines: LedgerLine[];
/** All that the page asked for since it was offline. */
const asked: string[] = [];

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const bytes = (encoded: string) => fromBase64(encoded) ?? new Uint8Array();
const leaves = () => lines.flatMap((line) => ('leaf' in line ? [line.leaf] : []));
const head = () => lines.flatMap((line) => ('format' in line ? [line] : []))[0];
const tool = async (...args: string[]) =>
  (await run(process.execPath, [join(ROOT, 'src/tools/ledger.ts'), ...args], { timeoutSeconds: 60 })).output;

/** A file with these entries in it, signed by a key that nobody knows. */
async function writtenAnew(origin: string, some: readonly string[]): Promise<{ file: string; key: string }> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const { edge, tiles } = tilesOf(some.map((leaf) => leafHash(leafBytes(leaf))));
  const said = checkpointText({ origin, size: some.length, root: edge.root() });
  const note = await signNote(said, { name: origin, publicKey }, (text) =>
    crypto.subtle.sign('Ed25519', pair.privateKey, text),
  );
  const key = verifierKey({ name: origin, publicKey });
  const written: LedgerLine[] = [
    { format: 'sotto-ledger/1', origin, keys: [key], checkpoints: [note] },
    ...some.map((leaf, seq) => ({ seq, leaf, details: null })),
    ...[...tiles].map(([place, hashes]) => {
      const [level = 0, index = 0] = place.split('/').map(Number);
      return { tile: [level, index] as [number, number], hashes: base64(hashes) };
    }),
  ];
  return { file: written.map((line) => `${JSON.stringify(line)}\n`).join(''), key };
}

const part = () => ines.locator('details').filter({ hasText: 'Verify a file' }).last();
const choose = (content: string) =>
  part()
    .getByLabel('The file of a whole ledger (NDJSON)')
    .setInputFiles({ name: 'ledger.ndjson', mimeType: 'application/x-ndjson', buffer: Buffer.from(content) });
/** Onto the frame around the field. */
const drop = (content: string) =>
  part()
    .locator('.drop')
    .evaluate((frame, brought) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([brought], 'ledger.ndjson'));
      frame.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, content);
const verify = () => part().getByRole('button', { name: 'Verify', exact: true }).click();
const says = (words: string) => part().getByText(words, { exact: true }).waitFor();

beforeAll(async () => {
  scene = await Scene.open();
  ines = await scene.staff('Ines');
  await ines.goto(`${scene.sotto.home.origin}/#/settings/ledger`);
  await ines.getByText('Take along', { exact: true }).click();
  const downloading = ines.waitForEvent('download');
  await ines.getByRole('button', { name: 'The whole ledger (NDJSON)' }).click();
  path = await (await downloading).path();
  text = await readFile(path, 'utf8');
  lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerLine);
  await ines.getByText('Verify a file', { exact: true }).waitFor();
  await ines.context().setOffline(true);
  ines.on('request', (request) => asked.push(`${request.url()} ${request.postData() ?? ''}`));
});
afterAll(() => scene.close());

test('L15 a file that was taken along is verified without a network, in the words of the command', async () => {
  await ines.getByText('Verify a file', { exact: true }).focus();
  await ines.keyboard.press('Enter');
  await choose(text);
  await part().getByLabel('The file of a whole ledger (NDJSON)').focus();
  for (let fields = 0; fields < 3; fields++) await ines.keyboard.press('Tab');
  await ines.keyboard.press('Enter');
  await says('This ledger is whole.');
  const said = (await tool('verify', path)).trimEnd().split('\n');
  expect(said.length).toBeGreaterThan(2);
  for (const line of said) await says(line);
});

test('L15 its proofs are those of the command, and hold', async () => {
  type Shown = { leaf: string; size: number; root: string; proof: string[] };
  const shown = async (label: string, number: number, action: string) => {
    await part().getByLabel(label).fill(String(number));
    await part().getByRole('button', { name: action }).click();
    return part().locator('form', { hasText: action }).getByLabel('The proof', { exact: true }).innerText();
  };
  const one = await shown('Number of an entry', 4, 'Prove that it is in it');
  expect(`${one}\n`).toBe(await tool('prove', path, '--entry', '4'));
  const { leaf, size, root, proof } = JSON.parse(one) as Shown;
  expect(leaf).toBe(leaves()[4]);
  expect(provesInclusion(leafHash(leafBytes(leaf)), 4, size, proof.map(bytes), bytes(root))).toBe(true);

  const since = await shown('How many entries older lines speak of', 3, 'Prove that it begins with them');
  expect(`${since}\n`).toBe(await tool('prove', path, '--since', '3'));
  const { tiles } = tilesOf(leaves().map((each) => leafHash(leafBytes(each))));
  const hashes = hashesOf((level, index) => tiles.get(`${level}/${index}`));
  const later = JSON.parse(since) as Shown;
  expect(
    provesConsistency(
      { size: 3, root: rootOf(hashes, 3) },
      { size: later.size, root: bytes(later.root) },
      later.proof.map(bytes),
    ),
  ).toBe(true);

  await part().getByLabel('Number of an entry').fill('999999');
  await part().getByRole('button', { name: 'Prove that it is in it' }).click();
  await part()
    .getByText(/^no leaf 999999 among \d+: nothing can be proved of that\.$/)
    .waitFor();
  expect(await faultsInEveryLook('a file that was verified', ines)).toEqual([]);
});

test('L15 one byte of one entry that is another one is found, and where', async () => {
  const bent = text
    .split('\n')
    .map((line) =>
      line.startsWith('{"seq":5,')
        ? line.replace(/(?<=\\"at\\":\d{12})\d/, (digit) => String(9 - Number(digit)))
        : line,
    )
    .join('\n');
  expect(Buffer.from(bent).filter((byte, at) => byte !== Buffer.from(text)[at])).toHaveLength(1);
  await drop(bent);
  await verify();
  await says('This ledger is not whole.');
  await says('What stands at entry 5 is not what was signed.');
});

test('L15 older signed lines find a history that was written and signed anew', async () => {
  const { origin = '', keys = [], checkpoints = [] } = head() ?? {};
  const forged = leaves().map((leaf, seq) =>
    seq === 3 ? leaf.replace('"outcome":"', '"outcome":"un') : leaf,
  );
  const { file, key } = await writtenAnew(origin, forged);
  await choose(file);
  await verify();
  await says('This ledger is whole.');

  const kept = checkpoints.at(-1) ?? '';
  await part().getByLabel('Signed lines that you kept').fill(kept);
  await verify();
  await says('A checkpoint that you brought is signed by none of these keys, or is none.');
  await part()
    .getByLabel('Keys that you were given another time')
    .fill([...keys, key].join('\n'));
  await verify();
  await says('This ledger is not whole.');
  const last = Number(kept.split('\n')[1]) - 1;
  await says(`What stands somewhere from entry 0 to ${last} is not what was signed.`);
});

test('L15 what is no ledger is said to be none, and in which line', async () => {
  await part().getByLabel('Signed lines that you kept').fill('');
  await choose(`${text.split('\n').slice(0, 3).join('\n')}\nhello\n`);
  await verify();
  await says('This is not the file of a ledger: line 4 of it is neither a head, nor an entry, nor a tile.');
});

test('L15 the page goes on beside a long file, and the verifying can be stopped', async () => {
  const entry = { at: 0, actor: null, action: 'test.done', outcome: 'done' } as const;
  const long = Array.from({ length: 20_000 }, (_, seq) => leafText({ ...entry, id: `entry ${seq}` }));
  await choose((await writtenAnew('long.test/ledger', long)).file);
  await part().getByLabel('Keys that you were given another time').fill('');
  const turns = await part().evaluate(async (element) => {
    const button = element.querySelector<HTMLButtonElement>('form button[type=submit]');
    const next = () => new Promise((resolve) => setTimeout(resolve));
    button?.click();
    await next();
    const isRunning = element.querySelector('progress') !== null;
    button?.click();
    await next();
    const isStopped = element.querySelector('progress') === null;
    button?.click();
    let count = 0;
    for (; count === 0 || element.querySelector('progress') !== null; count++) await next();
    return { isRunning, isStopped, count };
  });
  expect(turns).toMatchObject({ isRunning: true, isStopped: true });
  // Read in one go, there would be one.
  expect(turns.count).toBeGreaterThan(10);
  await says('This ledger is whole.');
  await part()
    .getByText(/^20000 entries/)
    .waitFor();
});

test('L15 W6 nothing of the file was sent anywhere, and no policy was broken', () => {
  const ids = leaves().map((leaf) => (JSON.parse(leaf) as { id: string }).id);
  expect(asked.filter((request) => ids.some((id) => request.includes(id)))).toEqual([]);
  expect(scene.complaints).toEqual([]);
});
