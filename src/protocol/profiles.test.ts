import { readFileSync, globSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainSettings, type SiteSettings } from './bodies.ts';
import {
  boundsOf,
  checksOfMeasures,
  heldBy,
  heldWithin,
  isContract,
  isMet,
  lockedDetail,
  type Looked,
  type MeasureId,
  measuresOf,
  organisationOutside,
  outsideOf,
  type ProfileId,
  type ProfilesAnswer,
  profileIds,
  profiles,
} from './profiles.ts';

const loose: SiteSettings = {
  ...plainSettings,
  keptDays: null,
  files: { ...plainSettings.files, days: 3_650, sensitive: 'some', code: false },
  masking: { cards: false, ibans: false, nationalIds: false, secrets: false },
};
const anySettings: fc.Arbitrary<SiteSettings> = fc
  .record({
    keptDays: fc.option(fc.integer({ min: 1, max: 3_650 })),
    days: fc.integer({ min: 1, max: 3_650 }),
    sensitive: fc.constantFrom('all', 'some'),
    code: fc.boolean(),
    masking: fc.record({
      cards: fc.boolean(),
      ibans: fc.boolean(),
      nationalIds: fc.boolean(),
      secrets: fc.boolean(),
    }),
  })
  .map(({ keptDays, masking, ...files }) => ({
    ...plainSettings,
    keptDays,
    masking,
    files: { ...plainSettings.files, ...files },
  }));
const anyProfiles = fc.subarray([...profileIds]);

describe('D40 profiles', () => {
  it('D40 each name a paragraph for every measure, and a rule for whatever is built in', () => {
    const rules = readFileSync('docs/RULES.md', 'utf8');
    for (const profile of profileIds)
      for (const [, { answers, says, stand }] of measuresOf(profile)) {
        expect(answers).toMatch(profile === 'gdpr' ? /^Art\. \d/ : /^1?\d{3}\.\d/);
        expect(says).toMatch(/\.$/);
        if (stand.is === 'built in') expect(stand.rules).not.toEqual([]);
        const named = stand.is === 'built in' ? stand.rules : [];
        expect(named.filter((rule) => !rules.includes(`- **${rule}** `))).toEqual([]);
      }
  });

  it('D40 claim nothing: no screen and no document says that anything would be in accordance with a law', () => {
    const claim = /\b(?:non-?)?complian(?:t|ce)\b|\bcertifi(?:ed|cation)\b|\baccredited\b/i;
    const told = [
      ...globSync('src/protocol/profiles{.ts,/*.ts}'),
      ...globSync('src/duties/laws/**/*.ts'),
      ...globSync('src/browser/dashboard/**/*.{ts,tsx}'),
      ...globSync('docs/*.md'),
    ];
    expect(told.length).toBeGreaterThan(100);
    expect(told.filter((file) => claim.test(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('D40 are met by what is there, by what is set and by what is noted, and by nothing else', () => {
    const within = { outside: [] };
    const site = {
      site: { id: 'a', name: 'A' },
      changes: outsideOf(loose, ['gdpr']),
      over: 0,
      visitorsOver: 0,
    };
    const measures = new Map(measuresOf('gdpr'));
    const met = (
      id: MeasureId,
      state: Parameters<typeof isMet>[2],
      contracts: ProfilesAnswer['contracts'] = {},
    ) => {
      const measure = measures.get(id);
      if (measure === undefined) throw new Error(`there is no ${id}`);
      return isMet(id, measure, state, { contracts, checks: {} });
    };
    expect(met('gdpr.sealed', { outside: [site] })).toBe(true);
    expect(met('gdpr.storage', within)).toBe(true);
    expect(met('gdpr.storage', { outside: [site] })).toBe(false);
    expect(met('gdpr.processor', within)).toBe(false);
    expect(met('gdpr.processor', within, { 'gdpr.processor': { date: '2026-11-28', where: 'here' } })).toBe(
      true,
    );
    expect([isContract('gdpr.processor'), isContract('gdpr.sealed'), isContract('gdpr.none')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('D93 what stands by security checks', () => {
  const looked = (outcome: Looked['outcome']): Looked => ({ outcome, words: 'So it was.', at: 1 });
  const byCheck = profileIds
    .flatMap(measuresOf)
    .flatMap(([id, measure]) =>
      measure.stand.is === 'by check' ? [{ id, measure, checks: measure.stand.checks }] : [],
    );

  it('D93 is met where each of its checks passed, and where one did not, or was not looked at, it is not', () => {
    expect(byCheck.length).toBeGreaterThan(5);
    for (const { id, measure, checks } of byCheck) {
      const known = (outcomes: readonly (Looked['outcome'] | null)[]) => ({
        contracts: { [id]: { date: '2026-11-28', where: 'Noted when it stood by a contract.' } },
        checks: Object.fromEntries(
          checks.flatMap((check, n) => {
            const outcome = outcomes[n] ?? null;
            return outcome === null ? [] : [[check, looked(outcome)]];
          }),
        ),
      });
      const well = checks.map(() => 'passed' as const);
      expect(isMet(id, measure, { outside: [] }, known(well))).toBe(true);
      for (const other of ['failed', 'not-run', null] as const)
        for (const at of checks.keys())
          expect([id, isMet(id, measure, { outside: [] }, known(well.with(at, other as 'passed')))]).toEqual([
            id,
            false,
          ]);
    }
    expect(byCheck.flatMap(({ checks }) => checks).filter((id) => !checksOfMeasures.includes(id))).toEqual(
      [],
    );
  });

  it('D93 never claims that a backup, a restore, lessons or a plan would be there because Sotto has them', () => {
    const claimed = profileIds
      .flatMap(measuresOf)
      .filter(
        ([, { says, stand }]) =>
          /\brestore\b|put back|\blessons?\b|\bplan\b/.test(says) && stand.is === 'built in',
      );
    expect(claimed).toEqual([]);
  });
});

describe('D41 what a profile holds', () => {
  it('D41 changes what is outside of it alone, and to the nearest that is within', () => {
    expect(outsideOf(plainSettings, ['gdpr'])).toEqual([]);
    expect(heldWithin(plainSettings, ['gdpr'])).toEqual(plainSettings);
    expect(outsideOf(loose, ['gdpr'])).toEqual([
      { setting: 'keptDays', from: null, to: 730 },
      { setting: 'files.days', from: 3_650, to: 730 },
      { setting: 'masking.cards', from: false, to: true },
      { setting: 'masking.secrets', from: false, to: true },
    ]);
    const short = { ...loose, keptDays: 7 };
    expect(heldWithin(short, ['gdpr']).keptDays).toBe(7);
    expect(heldWithin(loose, ['hipaa'])).toMatchObject({
      keptDays: null,
      files: { sensitive: 'all', code: true },
      masking: { cards: true, ibans: false, nationalIds: true, secrets: true },
    });
    expect(organisationOutside({ idleMinutes: 30 }, ['hipaa', 'gdpr'])).toEqual([
      { setting: 'idleMinutes', from: 30, to: 15 },
    ]);
    expect(organisationOutside({ idleMinutes: 10 }, ['hipaa'])).toEqual([]);
    expect(organisationOutside({ idleMinutes: 120 }, ['gdpr', 'ccpa'])).toEqual([]);
  });

  it('D41 is within all of them once it was brought there, and stays what it was where nothing is held', () => {
    fc.assert(
      fc.property(anySettings, anyProfiles, (settings, on) => {
        const held = heldWithin(settings, on);
        expect(outsideOf(held, on)).toEqual([]);
        expect(heldWithin(held, on)).toEqual(held);
        if (outsideOf(settings, on).length === 0) expect(held).toEqual(settings);
        expect(outsideOf(settings, on).map(({ setting }) => setting)).toEqual(
          outsideOf(settings, on)
            .map(({ setting }) => setting)
            .filter((setting) => heldBy(on, setting).by.length > 0),
        );
      }),
    );
  });

  it('D42 says which profiles hold it and at what', () => {
    const both: ProfileId[] = ['gdpr', 'ccpa'];
    expect(heldBy(both, 'keptDays')).toEqual({ by: both, bound: 730 });
    expect(heldBy(['hipaa'], 'keptDays')).toEqual({ by: [] });
    expect(lockedDetail('keptDays', both)).toBe(
      'The profiles GDPR and CCPA hold how long conversations are kept (keptDays), at 730 at most.',
    );
    expect(lockedDetail('files.code', ['hipaa'])).toBe(
      'The profile HIPAA holds that customers prove themselves by a code before they open a file (files.code).',
    );
    expect(Object.keys(boundsOf('hipaa')).length).toBeGreaterThan(4);
    expect(profiles.hipaa.name).toBe('HIPAA');
  });
});
