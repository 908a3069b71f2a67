/** A WebSocket client of bare bytes (RFC 6455), for what no well-behaved client does: odd frames and not reading. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export type RawSocket = { head: string; socket: Socket; received: Buffer[] };

/** Upgrades and answers with the response's head, whatever it says. */
export function upgrade(url: URL, target: string, headers: Record<string, string>): Promise<RawSocket> {
  const socket = connect(Number(url.port), url.hostname);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const key = randomBytes(16).toString('base64');
  const request = [
    `GET ${target} HTTP/1.1`,
    `Host: ${url.host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${key}`,
    ...lines,
  ];
  socket.write(`${request.join('\r\n')}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    socket.on('error', reject);
    const onData = (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.off('data', onData);
      const received: Buffer[] = [seen.subarray(end + 4)];
      socket.on('data', (more: Buffer) => received.push(more));
      socket.removeListener('error', reject);
      socket.on('error', () => undefined);
      resolve({ head: seen.subarray(0, end).toString(), socket, received });
    };
    socket.on('data', onData);
  });
}

/** One masked client frame; `compressed` sets RSV1 as permessage-deflate does (RFC 7692). */
export function frame(payload: Buffer, { compressed = false } = {}): Buffer {
  const mask = randomBytes(4);
  const masked = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0x80 | 127, 0, 0, 0, 0, ...uint32(payload.length)]);
  return Buffer.concat([Buffer.from([0x81 | (compressed ? 0x40 : 0)]), length, mask, masked]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The close code among what was received, if a whole close frame is there. */
export function closeCodeIn(received: readonly Buffer[]): number | undefined {
  const bytes = Buffer.concat(received);
  for (let at = 0; at + 2 <= bytes.length;) {
    const opcode = (bytes[at] ?? 0) & 0x0f;
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + header > bytes.length) return undefined;
    const length =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    if (opcode === 8) return at + header + 2 <= bytes.length ? bytes.readUInt16BE(at + header) : undefined;
    at += header + length;
  }
  return undefined;
}
