import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Clamd } from './clamd.ts';
import { demoClamd } from './demo-clamd.ts';
import { EICAR } from './eicar.ts';
import { listening } from './listening.ts';

const eicar = Buffer.from(EICAR);
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function clientOf(server: Server, patience = 10_000): Promise<Clamd> {
  servers.push(server);
  return new Clamd({ host: '127.0.0.1', port: await listening(server) }, patience);
}

/** A clamd that does this with whoever calls. */
function odd(act: (socket: Socket) => void): Server {
  return createServer((socket) => {
    socket.on('error', () => undefined);
    act(socket);
  });
}

/** One that hears all of an empty or short file, and then says this. */
function saying(...texts: string[]): Server {
  return odd((socket) => {
    let heard = Buffer.alloc(0);
    socket.on('data', (data) => {
      heard = Buffer.concat([heard, data]);
      if (!heard.subarray(-4).equals(Buffer.alloc(4))) return;
      const next = () => {
        const text = texts.shift();
        if (text === undefined) socket.end();
        else socket.write(text, () => setTimeout(next, 5));
      };
      next();
    });
  });
}

async function* inPieces(...pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

const pieces = (size: number, count: number) => inPieces(...Array<Buffer>(count).fill(Buffer.alloc(size)));
const engineFailed = { verdict: 'failed', why: 'engine' };

describe('F30 what clamd says of a file', () => {
  test('F30 is believed once it has had all of it', async () => {
    const clamd = await clientOf(demoClamd());
    expect(await clamd.scan(inPieces())).toEqual({ verdict: 'clean' });
    expect(await clamd.scan(inPieces(Buffer.from('Good '), Buffer.alloc(0), Buffer.from('day')))).toEqual({
      verdict: 'clean',
    });
    expect(await clamd.scan(pieces(65_536, 100))).toEqual({ verdict: 'clean' });
    const found = { verdict: 'infected', name: 'Eicar-Test-Signature' };
    expect(await clamd.scan(inPieces(eicar))).toEqual(found);
    for (let at = 1; at < eicar.length; at++) {
      const cut = [eicar.subarray(0, at), eicar.subarray(at)] as const;
      expect(await clamd.scan(inPieces(...cut, Buffer.alloc(9)))).toEqual(found);
    }
  });

  test('F30 is one whole reply, however it comes', async () => {
    expect(await (await clientOf(saying('str', 'eam: ', 'OK', '\0'))).scan(inPieces())).toEqual({
      verdict: 'clean',
    });
    expect(await (await clientOf(saying('stream: A', '.B FOU', 'ND\0'))).scan(inPieces())).toEqual({
      verdict: 'infected',
      name: 'A.B',
    });
  });

  test.each([
    ['nothing'],
    ['half of it', 'stream: OK'],
    ['half of it', 'stream: O'],
    ['of another file', 'other: OK\0'],
    ['twice', 'stream: OK\0stream: OK\0'],
    ['and then more', 'stream: OK\0', 'x'],
    ['something before it', 'x', 'stream: OK\0'],
    ['on a line of its own', 'stream: \nstream: OK\0'],
    ['as another kind of line', 'stream: OK\n'],
    ['nameless', 'stream: FOUND\0'],
    ['an error', 'stream: Can’t allocate memory ERROR\0'],
    ['that it does not know the command', 'UNKNOWN COMMAND\0'],
    ['that it waited too long', 'COMMAND READ TIMED OUT\0'],
    ['without an end', 'stream: OK'.padEnd(100_000, ' ')],
    ['in another language', '<html>stream: OK</html>\0'],
  ])('F30 is not believed if it is %s', async (_, ...texts) => {
    expect(await (await clientOf(saying(...texts))).scan(inPieces())).toEqual(engineFailed);
  });

  test('F30 is not believed before it has had all of the file', async () => {
    for (const reply of ['stream: OK\0', 'stream: A.B FOUND\0']) {
      const early = await clientOf(odd((socket) => socket.end(reply).resume()));
      expect(await early.scan(pieces(65_536, 200))).toEqual(engineFailed);
    }
  });

  test('F30 is nothing if it hangs up, is silent or is not there', async () => {
    const whole = pieces(65_536, 200);
    expect(await (await clientOf(odd((socket) => socket.destroy()))).scan(whole)).toEqual(engineFailed);
    // Nobody has left anything behind.
    expect((await whole.next()).done).toBe(true);
    const full = odd((socket) => socket.once('data', () => socket.destroy()));
    expect(await (await clientOf(full)).scan(pieces(65_536, 200))).toEqual(engineFailed);
    const silent = await clientOf(
      odd(() => undefined),
      100,
    );
    expect(await silent.scan(pieces(65_536, 200))).toEqual(engineFailed);
    expect(await silent.scan(inPieces())).toEqual(engineFailed);
    const nobody = new Clamd({ path: '/nobody/listens/here' });
    expect(await nobody.scan(pieces(65_536, 3))).toEqual(engineFailed);
    await expect(nobody.engine()).rejects.toThrow('clamd does not say what it is');
  });

  test('F30 is nothing if the file breaks off', async () => {
    const clamd = await clientOf(demoClamd());
    const broken = async function* () {
      yield await Promise.resolve(eicar);
      throw new Error('broken off');
    };
    await expect(clamd.scan(broken())).rejects.toThrow('broken off');
  });

  test('F31 is that it could not be scanned if it is too large, locked, or too much', async () => {
    const limited = await clientOf(demoClamd(1_000));
    expect(await limited.scan(inPieces(Buffer.alloc(1_000)))).toEqual({ verdict: 'clean' });
    expect(await limited.scan(inPieces(Buffer.alloc(900), Buffer.alloc(101)))).toEqual({
      verdict: 'failed',
      why: 'too_large',
    });
    for (const [name, why] of [
      ['Heuristics.Encrypted.Zip', 'encrypted'],
      ['Heuristics.Limits.Exceeded.MaxRecursion', 'too_complex'],
    ]) {
      const clamd = await clientOf(saying(`stream: ${name} FOUND\0`));
      expect(await clamd.scan(inPieces())).toEqual({ verdict: 'failed', why });
    }
  });
});

describe('F33 what clamd says of itself', () => {
  const version = (text: string) => odd((socket) => socket.once('data', () => socket.end(text)));

  test('F33 is its version and when its signatures were made', async () => {
    const clamd = await clientOf(version('ClamAV 1.4.6/27812/Thu Nov 26 09:31:24 2026\0'));
    expect(await clamd.engine()).toEqual({
      engine: 'ClamAV 1.4.6',
      signatures: Math.floor(new Date(2026, 10, 26, 9, 31, 24).getTime() / 1000),
    });
    expect(await (await clientOf(version('ClamAV 1.4.6\0'))).engine()).toEqual({
      ...{ engine: 'ClamAV 1.4.6', signatures: null },
    });
  });

  test.each(['', 'ClamAV 1.4.6', 'PONG\0', 'ClamAV 1.4.6\0more'])('F33 is nothing else: %j', async (text) => {
    await expect((await clientOf(version(text))).engine()).rejects.toThrow();
  });
});
