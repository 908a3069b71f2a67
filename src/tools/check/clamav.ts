import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Outcome } from '../command.ts';
import type { Verdict } from './run.ts';

/** Where clamd is installed; a daemon is not always on a person's PATH. */
export function installedClamd(path = process.env['PATH'] ?? ''): string | undefined {
  return [...path.split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, 'clamd'))
    .find((file) => existsSync(file));
}

/** A newcomer without ClamAV has done nothing wrong; whoever has it must see it find what it knows. */
export function clamavVerdict({ ok }: Outcome, isInstalled = installedClamd() !== undefined): Verdict {
  if (ok) return { is: 'passed' };
  return isInstalled ? { is: 'failed' } : { is: 'not run', why: 'clamd is not installed' };
}
