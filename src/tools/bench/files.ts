/** What sealing costs a large file: the same transfer sealed and as it is, and what looking at one takes. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { FilesAnswer, OpenFileAnswer, UploadAnswer } from '../../protocol/file-bodies.ts';
import { limits } from '../../protocol/limits.ts';
import { bundleInto } from '../bundle.ts';
import { type Company, startCompany, unhurried } from '../engine/company.ts';
import { cpuMs, peakBytes, residentBytes, resetPeak } from '../engine/process.ts';
import { migrate, startWorkerd, type Workerd } from '../engine/workerd.ts';
import {
  type Kind,
  kinds,
  type Look,
  MB,
  type Memory,
  PHOTO,
  type Times,
  type Transfers,
  WHOLE,
} from './files/figures.ts';
import { jpegOf, textOf } from './files/samples.ts';

const ROUNDS = 5;
const LOOK_MS = 50;

/** @throws where what comes back is not what went */
export async function transferred(folder: string, part: number): Promise<Transfers> {
  const code = await bundleInto(
    join(folder, 'files'),
    undefined,
    join(import.meta.dirname, 'files/worker.ts'),
  );
  const rounds = Math.max(1, Math.round(ROUNDS * part));
  const bytes = randomBytes(WHOLE);
  const text = textOf(WHOLE);
  const times: Record<Kind | 'routes', Times[]> = { plain: [], sealed: [], routes: [] };
  const company = await startCompany(join(folder, 'times'), 0, { code });
  try {
    // First, while the second factor of whoever lets files be opened is new.
    for (let n = 0; n <= rounds; n++) {
      const taken = await byRoutes(company, 'notes.txt', text, n === 0);
      if (n > 0) times.routes.push(taken);
    }
    for (let n = 0; n <= rounds; n++) {
      // Whoever comes first in one round comes last in the next. The first round of all is compiled and looked at, and not
      // counted.
      for (const kind of n % 2 === 0 ? kinds : kinds.toReversed()) {
        const taken = await transfer(company.workerd, kind, bytes, n === 0);
        if (n > 0) times[kind].push(taken);
      }
    }
  } finally {
    await company.stop();
  }
  const memory: Record<Kind, Memory[]> = { plain: [], sealed: [] };
  const looking: Record<Look, { ms: number; over: number }[]> = { text: [], photo: [], copy: [] };
  for (let n = 0; n < rounds; n++) {
    for (const kind of kinds)
      memory[kind].push(await memoryOf(join(folder, `${kind}-${n}`), code, kind, bytes));
    looking.text.push(await lookingAt(join(folder, `text-${n}`), code, 'notes.txt', text));
    looking.photo.push(await lookingAt(join(folder, `photo-${n}`), code, 'photo.jpg', jpegOf(PHOTO)));
    looking.copy.push(await lookingAt(join(folder, `copy-${n}`), code, null, jpegOf(PHOTO)));
  }
  return { times, memory, looking };
}

/** A process of its own that has moved one small file, so that what is compiled once is there before. */
async function memoryOf(folder: string, code: string, kind: Kind, bytes: Buffer): Promise<Memory> {
  const workerd = await startWorkerd({ ...unhurried(), code, state: folder });
  try {
    await migrate(await workerd.database());
    await transfer(workerd, kind, bytes.subarray(0, MB), false);
    const before = residentBytes(workerd.pid);
    const file = place(workerd, kind);
    const up = await peakOf(workerd, () => putParts(file, bytes, {}));
    const down = await peakOf(workerd, () => load(file('')));
    return { before, up, down };
  } finally {
    await workerd.stop();
  }
}

async function peakOf({ pid }: Workerd, work: () => Promise<unknown>): Promise<number> {
  resetPeak(pid);
  await work();
  return peakBytes(pid);
}

async function transfer(workerd: Workerd, kind: Kind, bytes: Buffer, isChecked: boolean): Promise<Times> {
  const file = place(workerd, kind);
  const up = await timed(workerd, () => putParts(file, bytes, {}));
  const down = await timed(workerd, () => load(file('')));
  if (isChecked) requireSame(bytes, await load(file(''), 'hash'));
  return { up: up.ms, cpuUp: up.cpu, down: down.ms, cpuDown: down.cpu };
}

type Address = (part: number | '') => URL;

function place({ url }: Workerd, kind: Kind): Address {
  const name = randomUUID();
  return (part) => new URL(`/bench/${kind}/${name}/${part}`, url);
}

/** As customers and staff do: begun, sent in parts, looked at, let be opened, opened and loaded. */
async function byRoutes(company: Company, name: string, bytes: Buffer, isChecked: boolean): Promise<Times> {
  const { workerd, owner } = company;
  const { room, file, up, finish } = await sent(company, name, bytes);
  await finish();
  const path = `${room}/files/${file}`;
  for (;;) {
    const { files } = await owner.get<FilesAnswer>(`${room}/files`);
    if (files[0]?.file.state === 'unscanned') break;
    await wait(LOOK_MS);
  }
  await owner.post(`${path}/release`, { reason: 'It was made here.' });
  const { address, cookie } = await opened(company, path);
  const down = await timed(workerd, () => load(new URL(address, workerd.url), 'count', { cookie }));
  if (isChecked) requireSame(bytes, await load(new URL(address, workerd.url), 'hash', { cookie }));
  return { up: up.ms, cpuUp: up.cpu, down: down.ms, cpuDown: down.cpu };
}

async function opened(
  { workerd, owner }: Company,
  path: string,
): Promise<{ address: string; cookie: string }> {
  const answer = await fetch(new URL(`/api/v1${path}/open`, workerd.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${await owner.access()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ as: 'save' }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  const { address } = (await answer.json()) as OpenFileAnswer;
  return { address, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

/** All parts of it, by a customer in a conversation of their own. */
async function sent(company: Company, name: string, bytes: Buffer) {
  const { workerd } = company;
  const customer = await company.visitor();
  const room = await customer.begin('Hello');
  const wish = { id: randomUUID(), name, bytes: bytes.length, sensitive: false };
  const { file } = (await customer.post<UploadAnswer>(`${room}/files`, wish)).upload;
  const path = `${room}/files/${file}`;
  const headers = {
    authorization: `Bearer ${await customer.access()}`,
    'content-type': 'application/octet-stream',
  };
  const address: Address = (part) => new URL(`/api/v1${path}/parts/${part}`, workerd.url);
  const up = await timed(workerd, () => putParts(address, bytes, headers));
  return { room, file, up, finish: () => customer.post(`${path}/finish`, {}) };
}

/** @param name null: it is copied, and nobody looks at it */
async function lookingAt(folder: string, code: string, name: string | null, bytes: Buffer) {
  const company = await startCompany(folder, 0, { code });
  const { workerd } = company;
  try {
    // What the bucket's stand-in takes for a file that is not looked at, and what is compiled once, is there before.
    await transfer(workerd, 'plain', textOf(WHOLE), false);
    const begin = async (all: Buffer) => {
      if (name !== null) return (await sent(company, name, all)).finish;
      const file = place(workerd, 'plain');
      await putParts(file, all, {});
      return () => ask(file(''), 'POST', {});
    };
    await (
      await begin(name?.endsWith('.txt') === true ? textOf(MB) : jpegOf(MB))
    )();
    const finish = await begin(bytes);
    const before = residentBytes(workerd.pid);
    const begun = performance.now();
    const peak = await peakOf(workerd, finish);
    return { ms: performance.now() - begun, over: peak - before };
  } finally {
    await company.stop();
  }
}

async function timed({ pid }: Workerd, work: () => Promise<unknown>): Promise<{ ms: number; cpu: number }> {
  const [begun, before] = [performance.now(), cpuMs(pid)];
  await work();
  return { ms: performance.now() - begun, cpu: cpuMs(pid) - before };
}

async function putParts(address: Address, bytes: Buffer, headers: Record<string, string>): Promise<void> {
  for (let part = 0; part * limits.filePartBytes < bytes.length; part++) {
    const [from, to] = [part * limits.filePartBytes, (part + 1) * limits.filePartBytes];
    await ask(address(part), 'PUT', headers, bytes.subarray(from, to));
  }
}

/** @returns a hash of what came, where one is wanted: it takes time that is no transfer's */
function load(url: URL, how: 'count' | 'hash' = 'count', headers = {}): Promise<string> {
  return ask(url, 'GET', headers, undefined, how);
}

/** By the leanest client there is: what it takes is taken from both alike, and makes them look more alike. */
function ask(
  url: URL,
  method: string,
  headers: Record<string, string>,
  body?: Buffer,
  how: 'count' | 'hash' = 'count',
): Promise<string> {
  return new Promise((settle, fail) => {
    const length = body === undefined ? {} : { 'content-length': body.length };
    const asking = request(url, { method, headers: { ...headers, ...length } }, (answer) => {
      const hash = createHash('sha256');
      answer.on('data', (piece: Buffer) => how === 'hash' && hash.update(piece));
      answer.on('error', fail);
      answer.on('end', () => {
        if (answer.statusCode === 200) settle(how === 'hash' ? hash.digest('hex') : '');
        else fail(new Error(`${method} ${url.pathname} answered ${answer.statusCode}`));
      });
    });
    asking.on('error', fail);
    asking.end(body);
  });
}

function requireSame(bytes: Buffer, hash: string): void {
  if (createHash('sha256').update(bytes).digest('hex') !== hash)
    throw new Error('What came back is not what went.');
}
