import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { signQuestion, verifyAnswer } from '../../protocol/scanner.ts';
import { demoClamd } from '../scanner/demo-clamd.ts';
import { EICAR } from '../scanner/eicar.ts';
import { type LocalScanner, startScanner } from './scanner.ts';

let scanner: LocalScanner | undefined;
afterEach(() => scanner?.end());

async function expectToFindEicar({ url, secret }: LocalScanner): Promise<void> {
  const { token } = await signQuestion(secret, EICAR.length, Date.now());
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/scan`, { method: 'POST', headers, body: EICAR });
  expect(await verifyAnswer(secret, await response.text())).toMatchObject({ verdict: 'infected' });
}

test('F34 without a clamd on this machine a demo finds the EICAR test file', async () => {
  scanner = await startScanner('/nobody/listens/here');
  expect(scanner.engine).toBeUndefined();
  await expectToFindEicar(scanner);
});

test('F34 a clamd that answers on this machine is asked, and named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-clamd-'));
  const clamd = demoClamd();
  const socket = join(folder, 'clamd.ctl');
  await new Promise<void>((listens) => clamd.listen(socket, listens));
  scanner = await startScanner(socket);
  expect(scanner.engine).toBe('ClamAV demo');
  await expectToFindEicar(scanner);
  clamd.close();
  rmSync(folder, { recursive: true });
});

test('F34 no two runs have one secret', async () => {
  const first = await startScanner('/nobody/listens/here');
  first.end();
  scanner = await startScanner('/nobody/listens/here');
  expect(scanner.secret).not.toBe(first.secret);
});
