/** The real clamd with one signature of our own, behind the scanner that is shipped, asked by the real Worker. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedClamd } from '../../src/tools/check/clamav.ts';
import { ROOT } from '../../src/tools/project.ts';
import { Clamd } from '../../src/tools/scanner/clamd.ts';
import { EICAR } from '../../src/tools/scanner/eicar.ts';
import { listening } from '../../src/tools/scanner/listening.ts';
import { scannerOf } from '../../src/tools/scanner/server.ts';
import { Scanning, secret } from './scanning.ts';
import { zipped } from './zip.ts';

const mebibyte = 1024 * 1024;
const eicar = Buffer.from(EICAR);
const folder = mkdtempSync(path.join(tmpdir(), 'sotto-clamav-'));
const socket = path.join(folder, 'clamd.ctl');

let scanning: Scanning;
/** What was started and has to be ended, the last first. */
const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];

beforeAll(async () => {
  const program = installedClamd();
  if (program === undefined) throw new Error('clamd is not installed (Debian: clamav-daemon)');
  const client = new Clamd({ path: socket });
  await startClamd(program, client);
  const server = createServer(scannerOf(secret, client, console.error));
  const port = await listening(server);
  ends.push(() => server.close());
  scanning = await Scanning.start(port);
  ends.push(() => scanning.stop());
});

afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

async function startClamd(program: string, client: Clamd): Promise<void> {
  let said = '';
  const clamd = spawn(program, ['--config-file', settings()], { stdio: ['ignore', 'pipe', 'pipe'] });
  ends.push(async () => {
    if (clamd.exitCode === null && clamd.kill()) await once(clamd, 'exit');
  });
  for (const stream of [clamd.stdout, clamd.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  while ((await client.engine().catch(() => undefined)) === undefined) {
    if (clamd.exitCode !== null) throw new Error(`clamd ended:\n${said}`);
    await sleep(50);
  }
}

/** As they are shipped, with a lower limit, and with all that it needs in a folder of the test's own. */
function settings(): string {
  const file = path.join(folder, 'clamd.conf');
  const signatures = path.join(folder, 'signatures.ndb');
  writeFileSync(signatures, `Sotto.Test.Eicar:0:*:${eicar.toString('hex')}\n`);
  const shipped = readFileSync(path.join(ROOT, 'src/tools/scanner/clamd.conf'), 'utf8');
  const own = [`LocalSocket ${socket}`, `DatabaseDirectory ${folder}`, 'Foreground yes'];
  writeFileSync(file, [shipped.replace(/^StreamMaxLength .*$/m, 'StreamMaxLength 2M'), ...own].join('\n'));
  return file;
}

describe('F31 the real clamd', () => {
  it('F25 calls a file clean in which there is nothing', async () => {
    expect(await scanning.scan(Buffer.from('Good day'))).toEqual({
      ...{ verdict: 'clean', signaturesAt: null },
      engine: expect.stringMatching(/^ClamAV \d+\.\d+\.\d+/) as string,
    });
    expect(await scanning.scan(Buffer.alloc(0))).toMatchObject({ verdict: 'clean' });
    expect(await scanning.scan(Buffer.alloc(mebibyte, 'Good day '))).toMatchObject({ verdict: 'clean' });
  });

  it.each([
    ['as it is', eicar],
    ['in a zip', zipped('eicar.com', eicar)],
    ['in a zip in a zip', zipped('eicar.zip', zipped('eicar.com', eicar))],
    ['behind a mebibyte', Buffer.concat([Buffer.alloc(mebibyte, 'Good day '), eicar])],
  ])('F25 finds the EICAR test file %s', async (_, content) => {
    expect(await scanning.scan(content)).toMatchObject({
      verdict: 'infected',
      name: 'Sotto.Test.Eicar.UNOFFICIAL',
    });
  });

  it('F31 can’t look into an archive that is locked', async () => {
    const locked = zipped('secret.txt', Buffer.from('x'.repeat(100)), true);
    expect(await scanning.scan(locked)).toEqual({ verdict: 'failed', why: 'encrypted' });
  });

  it('F31 can’t look to the end of archives in archives', async () => {
    let nested = zipped('eicar.com', eicar);
    for (let n = 0; n < 30; n++) nested = zipped('more.zip', nested);
    expect(await scanning.scan(nested)).toEqual({ verdict: 'failed', why: 'too_complex' });
  });

  it('F31 can’t take a file above its limit, whatever is in it', async () => {
    for (const content of [Buffer.alloc(20 * mebibyte), Buffer.concat([Buffer.alloc(3 * mebibyte), eicar])]) {
      const scanned = await scanning.scan(content);
      // It hangs up in the middle, and what it said before that may be lost.
      expect(scanned).toMatchObject({ verdict: 'failed' });
      expect(['too_large', 'engine']).toContain(scanned.why);
    }
  });
});
