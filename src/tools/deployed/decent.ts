/** A server that does what the look from outside asks for, by itself, so that a test can spoil one thing at a time. */
// What makes certificates asks for it, before it is loaded itself.
import 'reflect-metadata';
import { generateKeyPairSync, KeyObject, sign } from 'node:crypto';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { createServer as servePlainly, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as serveSecurely } from 'node:https';
import { type AddressInfo, createServer as listenTo, type Server } from 'node:net';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import {
  dashboardHeaders,
  dataHeaders,
  keySetHeaders,
  loaderHeaders,
  openHeaders,
  widgetHeaders,
} from '../../headers.ts';
import {
  checkpointText,
  leafHash,
  signNote,
  tilePath,
  tilesIn,
  tilesOf,
  verifierKey,
} from '../../protocol/ledger-proof.ts';

export interface Said {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly isSecure: boolean;
}
export interface Reply {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Uint8Array;
}
/** Changes what is answered. */
export type Spoil = (reply: Reply, said: Said) => Reply | undefined;

export const site = 'sit_AAAAAAAAAAAAAAAAAAAAAA';
const strict = dataHeaders['strict-transport-security'];
const cookie = (name: string) =>
  `${name}=x; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=None; Partitioned`;

/** Answers of one deployment; `host` is what it calls itself. */
export async function decently(host: string): Promise<(said: Said) => Reply> {
  const ledger = await ledgerOf(`${host}/ledger`);
  let tries = 0;
  return ({ method, path, headers, body, isSecure }) => {
    if (!isSecure) return { status: 301, headers: { location: `https://${host}${path}` }, body: '' };
    const page = (text: string, its: Record<string, string>) => ({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', ...its },
      body: text,
    });
    if (method === 'POST' && path === '/api/v1/sign-in') {
      if (++tries > 60) return problem(429, 'too_fast');
      return body === '{}' ? problem(400, 'invalid') : problem(401, 'wrong_credentials');
    }
    if (path.startsWith('/api/') && headers.origin !== undefined && headers.origin !== `https://${host}`)
      return problem(403, 'origin_refused');
    if (method === 'POST' && path === '/api/v1/session/refresh') {
      const refused = problem(401, 'signed_out');
      return { ...refused, headers: { ...refused.headers, 'set-cookie': [cookie('__Host-sotto-staff')] } };
    }
    if (method === 'POST' && path.endsWith('/visitor'))
      return {
        status: 200,
        headers: { ...dataHeaders, 'set-cookie': [cookie(`__Host-sotto-${site}`)] },
        body: '{}',
      };
    if (method === 'POST' && path === '/api/v1/invitations/redeem') return problem(415, 'unsupported_type');
    if (method !== 'GET') return problem(404, 'not_found');
    const text = { ...openHeaders };
    switch (path) {
      case '/':
        return page(
          '<link href="/assets/a-1.css"><script type="module" src="/assets/a-1.js"></script>',
          dashboardHeaders,
        );
      case `/widget/${site}`:
        return page(
          '<script type="module" src="/assets/w-1.js"></script>',
          widgetHeaders(['https://shop.example']),
        );
      case '/loader.js':
        return { status: 200, headers: { ...loaderHeaders, 'content-type': 'text/javascript' }, body: '' };
      case '/assets/a-1.css':
      case '/assets/a-1.js':
        return {
          status: 200,
          headers: {
            'strict-transport-security': strict,
            'x-content-type-options': 'nosniff',
            'cache-control': 'public, max-age=31536000, immutable',
          },
          body: '',
        };
      case '/api/v1/setup':
        return { status: 200, headers: { ...dataHeaders }, body: '{"needed":false}' };
      case '/healthz':
        return { status: 200, headers: { ...dataHeaders }, body: '{"running":true}' };
      case '/readyz':
        return { status: 200, headers: { ...dataHeaders }, body: '{"ready":true,"failing":[]}' };
      case '/.well-known/jwks.json':
        return { status: 200, headers: { ...keySetHeaders }, body: '{"keys":[]}' };
      case '/.well-known/security.txt':
        return {
          status: 200,
          headers: text,
          body: `Contact: mailto:security@example.com\nExpires: ${new Date(Date.now() + 86_400_000).toISOString()}\n`,
        };
    }
    const kept = ledger.get(path);
    return kept === undefined ? problem(404, 'not_found') : { status: 200, headers: text, body: kept };
  };
}

function problem(status: number, code: string): Reply {
  const headers = { ...dataHeaders, 'content-type': 'application/problem+json' };
  return { status, headers, body: JSON.stringify({ type: 'about:blank', status, code }) };
}

/** A ledger of three hundred entries: one tile that is full, and two that are not. */
async function ledgerOf(name: string): Promise<Map<string, string | Uint8Array>> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = { name, publicKey: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url') };
  const size = 300;
  const { edge, tiles } = tilesOf(Array.from({ length: size }, (_, n) => leafHash(Buffer.from(String(n)))));
  const note = await signNote(checkpointText({ origin: name, size, root: edge.root() }), key, (bytes) => {
    const { buffer, byteOffset, byteLength } = sign(null, bytes, privateKey);
    return Promise.resolve(buffer.slice(byteOffset, byteOffset + byteLength));
  });
  return new Map<string, string | Uint8Array>([
    ['/ledger/keys', `${verifierKey(key)}\n`],
    ['/ledger/checkpoint', note],
    ...tilesIn(size).map(
      ({ level, index, width }) =>
        [`/ledger/${tilePath(level, index, width)}`, tiles.get(`${level}/${index}`) ?? ''] as const,
    ),
  ]);
}

export interface Served {
  readonly url: URL;
  /** Who vouches for its certificate. PEM. */
  readonly ca: string;
  readonly close: () => void;
}

/** By https on localhost and, on the same port, by http. @param terms over those of a good server */
export async function serve(
  spoil: Spoil,
  terms: {
    days?: number;
    minVersion?: 'TLSv1';
    maxVersion?: 'TLSv1.2';
    ciphers?: string;
    name?: string;
  } = {},
): Promise<Served> {
  const { days = 60, name = 'localhost', ...tls } = terms;
  const { key, cert } = await certificate(name, days);
  const listener = listenTo();
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const answers = await decently(`localhost:${port}`);
  const on = (isSecure: boolean) => (request: IncomingMessage, response: ServerResponse) =>
    void answer(request, response, isSecure);
  const answer = async (request: IncomingMessage, response: ServerResponse, isSecure: boolean) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const said = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      isSecure,
    };
    const reply = answers(said);
    const { status, headers, body } = spoil(reply, said) ?? reply;
    response.writeHead(status, headers).end(body);
  };
  const secure = serveSecurely({ key, cert, ...tls }, on(true));
  const plain = servePlainly(on(false));
  // What a client says first tells which of the two it speaks.
  listener.on('connection', (socket) => {
    socket.once('error', () => socket.destroy());
    socket.once('readable', () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return;
      socket.unshift(first);
      (first[0] === 22 ? (secure as Server) : plain).emit('connection', socket);
    });
  });
  return { url: new URL(`https://localhost:${port}`), ca: cert, close: () => listener.close() };
}

async function certificate(name: string, days: number): Promise<{ key: string; cert: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const day = 86_400_000;
  const made = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - 400 * day),
    notAfter: new Date(Date.now() + days * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
  });
  const key = KeyObject.from(keys.privateKey).export({ format: 'pem', type: 'pkcs8' }) as string;
  return { key, cert: made.toString('pem') };
}

/** Answers questions for TXT records of these names; there are no others. */
export async function serveRecords(
  records: Readonly<Record<string, string[]>>,
): Promise<{ server: string; close: () => void }> {
  const socket = createSocket('udp4');
  socket.on('message', (question: Buffer, { port, address }: RemoteInfo) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
      labels.push(question.toString('ascii', at + 1, at + 1 + length));
      at += length + 1;
    }
    const texts = records[labels.join('.')] ?? [];
    // An answer, with NXDOMAIN where there is none.
    const head = Buffer.from([
      ...question.subarray(0, 2),
      0x81,
      texts.length === 0 ? 0x83 : 0x80,
      0,
      1,
      0,
      texts.length,
      0,
      0,
      0,
      0,
    ]);
    const answers = texts.map((text) => {
      const parts = text.match(/.{1,200}/gs) ?? [''];
      const data = Buffer.concat(
        parts.map((part) => Buffer.concat([Buffer.of(part.length), Buffer.from(part)])),
      );
      return Buffer.concat([
        Buffer.of(0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255),
        data,
      ]);
    });
    socket.send(Buffer.concat([head, question.subarray(12, at + 5), ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { server: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}
