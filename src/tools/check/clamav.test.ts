import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { clamavVerdict, installedClamd } from './clamav.ts';

test('where clamd is installed, what fails is a failure', () => {
  expect(clamavVerdict({ ok: true, output: '' }, true)).toEqual({ is: 'passed' });
  expect(clamavVerdict({ ok: false, output: '' }, true)).toEqual({ is: 'failed' });
});

test('where it is not, nothing was proved', () => {
  expect(clamavVerdict({ ok: false, output: '' }, false)).toEqual({
    is: 'not run',
    why: 'clamd is not installed',
  });
});

test('it is found on the PATH', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-path-'));
  writeFileSync(join(folder, 'clamd'), '');
  expect(installedClamd(['/nowhere', folder].join(delimiter))).toBe(join(folder, 'clamd'));
  rmSync(folder, { recursive: true });
});
