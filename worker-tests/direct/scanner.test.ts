/** The Worker on workerd, and behind its one address whoever a test wants there: the scanner that is shipped, or worse. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScanAnswer, signAnswer, verifyAnswer } from '../../src/protocol/scanner.ts';
import { Clamd } from '../../src/tools/scanner/clamd.ts';
import { demoClamd } from '../../src/tools/scanner/demo-clamd.ts';
import { EICAR } from '../../src/tools/scanner/eicar.ts';
import { listening } from '../../src/tools/scanner/listening.ts';
import { scannerOf } from '../../src/tools/scanner/server.ts';
import { Scanning, secret } from './scanning.ts';

const mebibyte = 1024 * 1024;
const eicar = Buffer.from(EICAR);
const harmless = Buffer.from('Good day');

const clamd = demoClamd();
let scanner: RequestListener;
/** What answers at the scanner's address. */
let behind: RequestListener;
const front = createServer((request, response) => {
  behind(request, response);
});
const inside = createServer((request, response) => {
  scanner(request, response);
});
let insidePort: number;
let scanning: Scanning;

beforeAll(async () => {
  const client = new Clamd({ host: '127.0.0.1', port: await listening(clamd) });
  scanner = scannerOf(secret, client, () => undefined);
  insidePort = await listening(inside);
  scanning = await Scanning.start(await listening(front));
});
beforeEach(() => {
  behind = scanner;
});
afterAll(async () => {
  await scanning.stop();
  for (const server of [front, inside]) server.close().closeAllConnections();
  clamd.close();
});

/** All that is sent, read. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Asks the true scanner in place of whoever came. */
async function forward(request: IncomingMessage, body: Buffer): Promise<string> {
  const { authorization = '' } = request.headers;
  const response = await fetch(`http://127.0.0.1:${insidePort}/scan`, {
    ...{ method: 'POST', headers: { authorization }, body: new Uint8Array(body) },
  });
  return response.text();
}

type Between = (body: Buffer, request: IncomingMessage) => Promise<string> | string;

/** Somebody in between, who answers with this token. */
function between(act: Between): RequestListener {
  return (request, response) => {
    void bodyOf(request)
      .then((body) => act(body, request))
      .then((token) => response.setHeader('content-type', 'application/jwt').end(token));
  };
}

const answering =
  (act: (response: ServerResponse) => void): RequestListener =>
  (request, response) => {
    void bodyOf(request).then(() => act(response));
  };

const bad = { verdict: 'failed', why: 'bad_answer' };
const unreachable = { verdict: 'failed', why: 'unreachable' };
const refused = { verdict: 'failed', why: 'refused' };

describe('F25 the scanner', () => {
  it('F25 F32 says what it found, and by what', async () => {
    const by = { engine: 'ClamAV demo', signaturesAt: null };
    expect(await scanning.scan(harmless)).toEqual({ verdict: 'clean', ...by });
    expect(await scanning.scan(new Uint8Array())).toEqual({ verdict: 'clean', ...by });
    const name = 'Eicar-Test-Signature';
    expect(await scanning.scan(eicar)).toEqual({ verdict: 'infected', name, ...by });
    const large = Buffer.concat([Buffer.alloc(20 * mebibyte, 'Good day '), eicar]);
    expect(await scanning.scan(large)).toEqual({ verdict: 'infected', name, ...by });
    expect(await scanning.scan(large.subarray(0, -1))).toEqual({ verdict: 'clean', ...by });
  });

  it('F27 is believed of the bytes that were sent alone', async () => {
    const meanwhile = Buffer.from('Bad day.');
    behind = between((_, request) => forward(request, meanwhile));
    expect(await scanning.scan(harmless)).toEqual(bad);
    // Whoever takes away what is bad is told that it is gone.
    behind = between((body, request) => forward(request, Buffer.alloc(body.length)));
    expect(await scanning.scan(eicar)).toEqual(bad);
  });

  it('F27 is believed in its own words alone', async () => {
    const changed =
      (change: Partial<Record<string, unknown>>, key: string): Between =>
      async (body, request) => {
        const claims = { ...decodeJwt(await forward(request, body)), ...change };
        return new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', typ: 'scan-answer+jwt' })
          .sign(new TextEncoder().encode(key));
      };
    const clean = { verdict: 'clean' };
    behind = between(changed(clean, 'the-secret-of-somebody-in-between-0'));
    expect(await scanning.scan(eicar)).toEqual(bad);
    behind = between(async (body, request) => {
      const [header, payload = '', signature] = (await forward(request, body)).split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      const other = Buffer.from(JSON.stringify({ ...claims, ...clean })).toString('base64url');
      return `${header ?? ''}.${other}.${signature ?? ''}`;
    });
    expect(await scanning.scan(eicar)).toEqual(bad);
    behind = between(async (body, request) => {
      const claims = { ...decodeJwt(await forward(request, body)), ...clean };
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'none', typ: 'scan-answer+jwt' })}.${part(claims)}.`;
    });
    expect(await scanning.scan(eicar)).toEqual(bad);
    // Signed by the scanner, and meant for somebody else or to say something else.
    for (const change of [{ aud: 'sotto:scanner' }, { iss: 'sotto' }, { verdict: 'fine' }, { sha256: 7 }]) {
      behind = between(changed(change, secret));
      expect(await scanning.scan(harmless)).toEqual(bad);
    }
    behind = between(changed({}, secret));
    expect(await scanning.scan(harmless)).toMatchObject(clean);
    // The question itself.
    behind = between((_, request) => request.headers.authorization?.slice('Bearer '.length) ?? '');
    expect(await scanning.scan(harmless)).toEqual(bad);
  });

  it('F27 is believed about the question that was asked alone', async () => {
    let older = '';
    behind = between(async (body, request) => (older = await forward(request, body)));
    expect(await scanning.scan(harmless)).toMatchObject({ verdict: 'clean' });
    expect(await verifyAnswer(secret, older)).toMatchObject({ verdict: 'clean' });
    behind = between(() => older);
    expect(await scanning.scan(harmless)).toEqual(bad);
    expect(await scanning.scan(eicar)).toEqual(bad);
  });

  it.each([
    ['too_large', 'too_large'],
    ['encrypted', 'encrypted'],
    ['too_complex', 'too_complex'],
    ['engine', 'engine'],
    ['whatever another scanner says', 'engine'],
  ])('F25 may say that it could not scan: %s', async (said, why) => {
    behind = between(async (body, request) => {
      const { question, sha256 } = decodeJwt<ScanAnswer>(await forward(request, body));
      const answer = { question, sha256, engine: 'Another', signatures: null, verdict: 'failed', why: said };
      return signAnswer(secret, answer as ScanAnswer);
    });
    expect(await scanning.scan(harmless)).toEqual({ verdict: 'failed', why });
  });

  it('F32 has no names but short ones of safe characters', async () => {
    behind = between(async (body, request) => {
      const answer = decodeJwt<ScanAnswer>(await forward(request, body));
      const name = `<b>Évil\u202e\n${'x'.repeat(1_000)}`;
      const odd = { ...answer, engine: '"quoted"', name, signatures: 1_795_685_484 };
      return signAnswer(secret, odd);
    });
    expect(await scanning.scan(eicar)).toEqual({
      verdict: 'infected',
      name: `_b__vil__${'x'.repeat(91)}`,
      engine: '_quoted_',
      signaturesAt: 1_795_685_484_000,
    });
  });
});

describe('F28 whatever else comes', () => {
  it.each<[string, RequestListener]>([
    ['a page', answering((response) => response.setHeader('content-type', 'text/html').end('<p>clean</p>'))],
    ['no content', answering((response) => response.writeHead(204).end())],
    ['a refusal', answering((response) => response.writeHead(401).end())],
    ['a fault', answering((response) => response.writeHead(500).end())],
    [
      'another address',
      answering((r) => r.writeHead(307, { location: `http://127.0.0.1:${insidePort}/scan` }).end()),
    ],
  ])('F28 is no answer: %s', async (_, listener) => {
    behind = listener;
    expect(await scanning.scan(harmless)).toEqual(refused);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['garbage', 'clean'],
    ['too much', 'x'.repeat(mebibyte)],
  ])('F28 is a bad answer: %s', async (_, token) => {
    behind = between(() => token);
    expect(await scanning.scan(harmless)).toEqual(bad);
  });

  it('F28 is no answer when the connection ends before, within or after the file, or within the answer', async () => {
    behind = (request) => request.socket.destroy();
    expect(await scanning.scan(harmless)).toEqual(unreachable);
    expect(await scanning.scan(Buffer.alloc(20 * mebibyte))).toEqual(unreachable);
    behind = (request) => request.once('data', () => request.socket.destroy());
    expect(await scanning.scan(Buffer.alloc(20 * mebibyte))).toEqual(unreachable);
    behind = answering((response) => response.socket?.destroy());
    expect(await scanning.scan(harmless)).toEqual(unreachable);
    behind = answering((response) => {
      response.writeHead(200, { 'content-type': 'application/jwt', 'content-length': '400' });
      response.write('eyJ', () => response.socket?.destroy());
    });
    expect(await scanning.scan(harmless)).toEqual(unreachable);
    behind = answering((response) => response.socket?.end('stream: OK\0'));
    expect(await scanning.scan(harmless)).toEqual(unreachable);
  });

  it('F28 is too late when nobody answers, reads or sends, or the answer comes letter by letter', async () => {
    const late = { verdict: 'failed', why: 'timeout' };
    behind = answering(() => undefined);
    expect(await scanning.scan(harmless, { patience: 300 })).toEqual(late);
    behind = () => undefined;
    expect(await scanning.scan(Buffer.alloc(50 * mebibyte), { patience: 300 })).toEqual(late);
    behind = answering((response) => {
      response.writeHead(200, { 'content-type': 'application/jwt' }).write('e');
      const more = setInterval(() => (response.destroyed ? clearInterval(more) : response.write('y')), 50);
    });
    expect(await scanning.scan(harmless, { patience: 300 })).toEqual(late);
    behind = scanner;
    const stalled = new ReadableStream({ start: (it) => it.enqueue(new Uint8Array(harmless)) });
    expect(await scanning.scan(stalled, { bytes: 1_000, patience: 300 })).toEqual(late);
  });

  it('F28 is of no use when the file is not as long as was said', async () => {
    const source = { verdict: 'failed', why: 'source' };
    for (const bytes of [0, harmless.length - 1, harmless.length + 1])
      expect(await scanning.scan(harmless, { bytes })).toEqual(source);
  });

  it('F28 costs less than 32 MiB of memory, however long the file and however slow the scanner', async () => {
    const before = scanning.residentBytes();
    let peak = before;
    behind = (request) => {
      request.pause();
      const look = setInterval(() => (peak = Math.max(peak, scanning.residentBytes())), 50);
      request.once('close', () => clearInterval(look));
    };
    await scanning.scan(Buffer.alloc(100 * mebibyte), { patience: 3_000 });
    console.log(`100 MiB that nobody takes: ${((peak - before) / mebibyte).toFixed(1)} MiB more at the peak`);
    expect(peak - before).toBeLessThan(32 * mebibyte);
  });
});

describe('F29 no scanner', () => {
  it('F29 leaves every file unscanned, and one at whose address nobody is too', async () => {
    const none = await Scanning.start();
    expect(await none.scan(harmless)).toEqual({ verdict: 'failed', why: 'no_scanner' });
    await none.stop();
    front.close().closeAllConnections();
    expect(await scanning.scan(harmless)).toEqual(unreachable);
  });
});
