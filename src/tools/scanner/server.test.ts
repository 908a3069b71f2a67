import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { connect, createServer as createNetServer } from 'node:net';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signQuestion, verifyAnswer } from '../../protocol/scanner.ts';
import { Clamd } from './clamd.ts';
import { demoClamd } from './demo-clamd.ts';
import { EICAR } from './eicar.ts';
import { listening } from './listening.ts';
import { scannerOf } from './server.ts';

const secret = 'the-scanner-secret-of-this-test-alone';
const other = 'the-scanner-secret-of-somebody-else-0';
const eicar = Buffer.from(EICAR);
const said: string[] = [];
const servers: NetServer[] = [];
let port: number;

beforeAll(async () => {
  port = await scannerBefore(demoClamd());
});
afterAll(() => {
  for (const server of servers) server.close();
});

async function scannerBefore(clamd: NetServer): Promise<number> {
  const client = new Clamd({ host: '127.0.0.1', port: await listening(clamd) });
  const server: Server = createServer(scannerOf(secret, client, (line) => said.push(line)));
  servers.push(clamd, server);
  return listening(server);
}

async function post(token: string, body: Uint8Array, at = port): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${at}/scan`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: Buffer.from(body),
  });
  return { status: response.status, text: await response.text() };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64url');

describe('F26 a question', () => {
  test('F26 is answered with what was found in the very bytes that came', async () => {
    for (const [body, verdict] of [
      [Buffer.from('Good day'), { verdict: 'clean' }],
      [Buffer.alloc(0), { verdict: 'clean' }],
      [eicar, { verdict: 'infected', name: 'Eicar-Test-Signature' }],
    ] as const) {
      const { jti, token } = await signQuestion(secret, body.length, Date.now());
      const { status, text } = await post(token, body);
      expect(status).toBe(200);
      expect(await verifyAnswer(secret, text)).toEqual({
        ...{ question: jti, sha256: sha256(body), engine: 'ClamAV demo', signatures: null },
        ...verdict,
      });
    }
  });

  test('F26 is answered once', async () => {
    const { token } = await signQuestion(secret, eicar.length, Date.now());
    expect((await post(token, eicar)).status).toBe(200);
    expect(await post(token, eicar)).toEqual({ status: 401, text: '' });
    expect(said.at(-1)).toBe('POST refused with 401: a question that was asked before');
  });

  test('F26 of somebody else, of another time or of another kind is not heard', async () => {
    const now = Date.now();
    const minute = 60_000;
    const claims = { jti: 'one', bytes: eicar.length };
    const signed = (kind: string, more: Record<string, unknown> = {}, alg = 'HS256', by = secret) =>
      new SignJWT({ ...claims, iss: 'sotto', aud: 'sotto:scanner', exp: now / 1000 + 60, ...more })
        .setProtectedHeader({ alg, typ: kind })
        .sign(new TextEncoder().encode(by));
    const good = await signed('scan-question+jwt');
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'scan-question+jwt' }));
    for (const token of [
      '',
      'x.y.z',
      (await signQuestion(other, eicar.length, now)).token,
      (await signQuestion(secret, eicar.length, now - 2 * minute)).token,
      (await signQuestion(secret, eicar.length, now + 2 * minute)).token,
      await signed('scan-answer+jwt'),
      await signed('scan-question+jwt', { iss: 'sotto:scanner' }),
      await signed('scan-question+jwt', { aud: 'sotto' }),
      await signed('scan-question+jwt', { exp: undefined }),
      await signed('scan-question+jwt', { jti: undefined }),
      await signed('scan-question+jwt', { bytes: -1 }),
      await signed('scan-question+jwt', {}, 'HS512', other + other),
      await signed('scan-question+jwt', {}, 'HS512', secret + secret),
      `${unsigned.toString('base64url')}.${good.split('.')[1] ?? ''}.`,
    ])
      expect(await post(token, eicar)).toEqual({ status: 401, text: '' });
    expect((await post(good, eicar)).status).toBe(200);
  });

  test('F26 is of exactly so many bytes', async () => {
    for (const bytes of [eicar.length - 1, eicar.length + 1, 0]) {
      const { token } = await signQuestion(secret, bytes, Date.now());
      expect(await post(token, eicar)).toEqual({ status: 400, text: '' });
    }
  });

  test('F26 whose bytes break off is not answered, and the scanner goes on', async () => {
    const { token } = await signQuestion(secret, 1_000, Date.now());
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
    socket.write(
      `POST /scan HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-length: 1000\r\n\r\nGood day`,
    );
    await new Promise((sent) => setTimeout(sent, 100));
    socket.end();
    await new Promise((closed) => socket.once('close', closed));
    expect(heard).not.toContain('200 OK');
    expect((await post((await signQuestion(secret, 68, Date.now())).token, eicar)).status).toBe(200);
  });

  test('F26 that nobody sent to /scan has no answer', async () => {
    for (const path of ['/', '/scan/', '/health/', '/scan?x'])
      expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/scan`)).status).toBe(404);
  });
});

describe('F30 a clamd that does not do its work', () => {
  test('F30 leaves a file unscanned, and the answer is signed all the same', async () => {
    const broken = await scannerBefore(createNetServer((socket) => socket.destroy()));
    const body = Buffer.alloc(1_000_000, 'Good day');
    const { jti, token } = await signQuestion(secret, body.length, Date.now());
    const { text } = await post(token, body, broken);
    expect(await verifyAnswer(secret, text)).toEqual({
      ...{ question: jti, sha256: sha256(body), engine: 'unknown', signatures: null },
      ...{ verdict: 'failed', why: 'engine' },
    });
  });
});

describe('F33 the scanner’s health', () => {
  const version = (text: string) =>
    createNetServer((socket) => socket.on('error', () => undefined).once('data', () => socket.end(text)));
  const healthAt = async (at: number) => {
    const response = await fetch(`http://127.0.0.1:${at}/health`);
    return { status: response.status, ...((await response.json()) as object) };
  };
  const made = (hoursAgo: number) => {
    const [, month, day, year, time] = new Date(Date.now() - hoursAgo * 3_600_000).toString().split(' ');
    return `ClamAV 1.4.6/27812/Thu ${month ?? ''} ${day ?? ''} ${time ?? ''} ${year ?? ''}\0`;
  };

  test('F33 is good while clamd answers with signatures of the last three days', async () => {
    const good = { status: 200, ready: true, failing: [] };
    expect(await healthAt(await scannerBefore(version(made(1))))).toEqual(good);
    expect(await healthAt(await scannerBefore(version(made(70))))).toEqual(good);
  });

  test.each([
    ['signatures', made(74)],
    ['signatures', 'ClamAV 1.4.6\0'],
    ['engine', 'ERROR\0'],
    ['engine', ''],
  ])('F33 else names what fails, and nothing more: %s', async (part, text) => {
    expect(await healthAt(await scannerBefore(version(text)))).toEqual({
      ...{ status: 503, ready: false, failing: [part] },
    });
  });
});
