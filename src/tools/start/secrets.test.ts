import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { ensureSecrets, fingerprintOf } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-secrets-'));
const path = join(folder, '.dev.vars');
beforeEach(() => rmSync(path, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

test('secrets are made once, for this user only, and stay as they are', () => {
  const made = ensureSecrets(path);
  expect(made.keyring).toMatch(/^1:[A-Za-z0-9_-]{43}$/);
  expect(made.setupToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const text = readFileSync(path, 'utf8');
  expect(ensureSecrets(path)).toEqual(made);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('no two installations have the same', () => {
  const first = ensureSecrets(path);
  rmSync(path);
  const second = ensureSecrets(path);
  expect(second.keyring).not.toBe(first.keyring);
  expect(fingerprintOf(second.keyring)).not.toBe(fingerprintOf(first.keyring));
});

test('a file that lacks one is refused and left alone', () => {
  writeFileSync(path, 'KEYRING=1:abc\n');
  expect(() => ensureSecrets(path)).toThrow(
    /must set KEYRING and SETUP_TOKEN; delete it to have new ones made\.$/,
  );
  expect(readFileSync(path, 'utf8')).toBe('KEYRING=1:abc\n');
});
