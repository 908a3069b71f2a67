import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundleInto } from '../bundle.ts';
import { WORKER } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-seam-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a bundle was made of, and whether it opens the door of faults. */
async function look(name: string, entry?: string): Promise<{ tools: string[]; hasDoor: boolean }> {
  const code = await bundleInto(join(folder, name), undefined, entry);
  const { sources } = JSON.parse(readFileSync(`${code}.map`, 'utf8')) as { sources: string[] };
  return {
    tools: sources.filter((source) => source.includes('src/tools/')),
    hasDoor: readFileSync(code, 'utf8').includes('/chaos'),
  };
}

test('no fault can be ordered of what is deployed: the harness alone bundles the door to them', async () => {
  const faulty = await look('faulty', WORKER);
  expect(faulty.hasDoor).toBe(true);
  expect(faulty.tools.toSorted()).toEqual([
    expect.stringMatching(/chaos\/worker\/worker\.ts$/),
    expect.stringMatching(/engine\/stand-in\.ts$/),
  ]);
  expect(await look('product')).toEqual({ tools: [], hasDoor: false });
}, 60_000);
