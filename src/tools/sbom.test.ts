import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { components as built } from '../protocol/components.ts';
import { ROOT } from './project.ts';
import { bomOf } from './sbom/bom.ts';
import { accepted, licencesPage, refused } from './sbom/licences.ts';
import { moduleOf } from './sbom/module.ts';
import { type Component, shippedHere, type Shipped } from './sbom/shipped.ts';

vi.setConfig({ hookTimeout: 60_000 });

let shipped: Shipped;
beforeAll(async () => {
  shipped = await shippedHere();
});
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const names = () => shipped.components.map(({ about }) => about.name);

describe('A34 the list of what is shipped', () => {
  test('holds what the Worker and the browsers get, with what that needs, and no tool', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    expect(names()).toEqual(
      expect.arrayContaining([...Object.keys(dependencies), 'preact', 'uqr', 'pvtsutils']),
    );
    for (const tool of ['vitest', 'vite', 'wrangler', 'typescript', 'playwright-core'])
      expect(names()).not.toContain(tool);
    const places = (name: string) => shipped.components.find(({ about }) => about.name === name)?.places;
    expect([places('hono'), places('preact'), places('valibot')]).toEqual([
      ['worker'],
      ['browser'],
      ['worker', 'browser'],
    ]);
  });

  test('is CycloneDX 1.6 in which everything that is needed is there', () => {
    const bom = JSON.parse(bomOf(shipped)) as {
      specVersion: string;
      components: { 'bom-ref': string; version: string; licenses: unknown[] }[];
      dependencies: { ref: string; dependsOn: string[] }[];
    };
    expect(bom.specVersion).toBe('1.6');
    const refs = bom.components.map((each) => each['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    expect(
      bom.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.includes(ref)),
    ).toEqual([]);
    expect(bom.components.filter(({ version, licenses }) => version === '' || licenses.length === 0)).toEqual(
      [],
    );
  });

  test('is the same whenever and wherever it is made: no time, number, machine or registry is in it', async () => {
    const bom = bomOf(shipped);
    expect(bomOf(await shippedHere())).toBe(bom);
    for (const word of [
      'serialNumber',
      'timestamp',
      ROOT,
      hostname(),
      'registry',
      `/${userInfo().username}/`,
    ])
      expect(bom).not.toContain(word);
  });

  test('is what the Worker has of it, and what the page says: else npm run sbom', () => {
    expect(read('src/protocol/components.ts')).toBe(moduleOf(shipped));
    expect(read('docs/LICENCES.md')).toBe(licencesPage(shipped));
    expect(built).toHaveLength(shipped.components.length);
  });
});

describe('A35 licences of what is shipped', () => {
  const under = (licence: string, name = 'left'): Component[] => [
    {
      about: { 'bom-ref': `${name}@1`, type: 'library', name, version: '1', purl: '', licenses: [] },
      ...{ licence, places: ['worker'], needs: [] },
    },
  ];

  test('all of them may be shipped', () => {
    expect(refused(shipped.components)).toEqual([]);
  });

  test.each([
    'GPL-3.0-only',
    'AGPL-3.0-or-later',
    'LGPL-3.0',
    'MPL-2.0',
    'MIT AND GPL-2.0-only',
    'SEE LICENSE IN x',
    'UNLICENSED',
    '',
  ])('one under %j is refused by name', (licence) => {
    expect(refused(under(licence))).toEqual([expect.stringMatching(/^left 1 /) as string]);
  });

  test.each(['MIT', '(MIT OR GPL-3.0-only)', 'Apache-2.0 AND MIT'])('one under %s is not', (licence) => {
    expect(refused(under(licence))).toEqual([]);
  });

  test('what was accepted is so for one package under one licence, and is still shipped', () => {
    expect(refused(under('LGPL-3.0', 'openpgp'))).toEqual([]);
    expect(refused(under('GPL-3.0', 'openpgp'))).toHaveLength(1);
    expect(Object.keys(accepted).filter((name) => !names().includes(name))).toEqual([]);
  });
});
