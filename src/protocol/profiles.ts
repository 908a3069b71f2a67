/**
 * Profiles: what a law asks for, as settings that an owner has held within bounds, and a list of how everything else
 * stands. A profile is a help to whoever answers for the law, and no proof of anything (docs/PRIVACY.md).
 */
import * as v from 'valibot';
import type { SiteSettings } from './bodies.ts';
import type { CheckOutcome } from './checks.ts';
import { daySchema, reasonSchema } from './fields.ts';
import { type ProfileId, profileIds } from './laws.ts';
import type { OrganisationSettings } from './organisation.ts';
import { ccpa } from './profiles/ccpa.ts';
import { gdpr } from './profiles/gdpr.ts';
import { hipaa } from './profiles/hipaa.ts';
import {
  atLeast,
  type Bounds,
  type Measure,
  type Measures,
  type OrganisationSetting,
  organisationSettings,
  type Setting,
  type SiteSetting,
  siteSettings,
  type Stand,
} from './profiles/measure.ts';

export { type Bounds, type Measure, type ProfileId, profileIds, type Setting, type Stand };

/** A measure of a profile: `gdpr.storage`. */
export type MeasureId = `${ProfileId}.${string}`;
type Profile = { name: string; law: string; measures: Measures };

export const profiles: Readonly<Record<ProfileId, Profile>> = {
  gdpr: { name: 'GDPR', law: 'General Data Protection Regulation (EU) 2016/679', measures: gdpr },
  hipaa: { name: 'HIPAA', law: '45 CFR Part 164, Security and Privacy Rules', measures: hipaa },
  ccpa: { name: 'CCPA', law: 'California Civil Code 1798.100 and following', measures: ccpa },
};

/** What a setting is called where a profile holds it. */
export const settingNames: Readonly<Record<Setting, string>> = {
  keptDays: 'how long conversations are kept',
  visitorDays: 'how long customers without a conversation are kept',
  'files.days': 'how long files are kept',
  'files.sensitive': 'that all files are covered',
  'files.code': 'that customers prove themselves by a code before they open a file',
  'masking.cards': 'that card numbers are masked',
  'masking.ibans': 'that account numbers are masked',
  'masking.nationalIds': 'that national numbers are masked',
  'masking.secrets': 'that passwords and keys are masked',
  idleMinutes: 'after how many minutes a session locks',
  ledgerDetailsDays: 'how long what is personal in the ledger can be read',
};

export function measuresOf(profile: ProfileId): [id: MeasureId, measure: Measure][] {
  return Object.entries(profiles[profile].measures).map(([name, measure]) => [`${profile}.${name}`, measure]);
}

/** What one profile bounds. */
export function boundsOf(profile: ProfileId): Bounds {
  const all = Object.values(profiles[profile].measures);
  return Object.assign({}, ...all.map(({ stand }) => (stand.is === 'set' ? stand.bounds : {}))) as Bounds;
}

/** Which of these profiles hold a setting, and where: the strictest of what they say. */
export function heldBy(
  on: readonly ProfileId[],
  setting: Setting,
): { by: ProfileId[]; bound?: number | true } {
  const by = on.filter((profile) => setting in boundsOf(profile));
  const [first, ...others] = by.map((profile) => boundsOf(profile)[setting] ?? true);
  if (first === undefined) return { by };
  const stricter = atLeast.includes(setting) ? Math.max : Math.min;
  const strictest = others.reduce<number | true>(
    (known, next) => (known === true || next === true ? true : stricter(known, next)),
    first,
  );
  return { by, bound: strictest };
}

export type SettingValue = string | number | boolean | null;

export function valueIn(settings: SiteSettings, setting: SiteSetting): SettingValue {
  const [group, name] = setting.split('.');
  if (group === 'files') return settings.files[name as 'days' | 'sensitive' | 'code'];
  if (group === 'masking') return settings.masking[name as keyof SiteSettings['masking']];
  return settings[setting as 'keptDays' | 'visitorDays'];
}

/** What a setting is held at where it is outside; its value where it is within. */
function within(value: SettingValue, bound: number | true | undefined): SettingValue {
  if (bound === undefined) return value;
  if (bound === true) return typeof value === 'string' ? 'all' : true;
  return typeof value === 'number' ? Math.min(value, bound) : bound;
}

export type Change = { setting: Setting; from: SettingValue; to: SettingValue };

/** What of a site's settings is outside of what these profiles let it be, and what it would become. */
export function outsideOf(settings: SiteSettings, on: readonly ProfileId[]): Change[] {
  return siteSettings.flatMap((setting) => {
    const from = valueIn(settings, setting);
    const to = within(from, heldBy(on, setting).bound);
    return from === to ? [] : [{ setting, from, to }];
  });
}

/** These settings, with what is outside brought to where the profiles hold it. */
export function heldWithin(settings: SiteSettings, on: readonly ProfileId[]): SiteSettings {
  const bound = (setting: SiteSetting) => within(valueIn(settings, setting), heldBy(on, setting).bound);
  return {
    ...settings,
    keptDays: bound('keptDays') as SiteSettings['keptDays'],
    visitorDays: bound('visitorDays') as SiteSettings['visitorDays'],
    files: {
      ...settings.files,
      days: bound('files.days') as number,
      sensitive: bound('files.sensitive') as 'all' | 'some',
      code: bound('files.code') as boolean,
    },
    masking: {
      cards: bound('masking.cards') === true,
      ibans: bound('masking.ibans') === true,
      nationalIds: bound('masking.nationalIds') === true,
      secrets: bound('masking.secrets') === true,
    },
  };
}

/** The same of what is given of the organisation's settings. */
export function organisationOutside(
  settings: Partial<Pick<OrganisationSettings, OrganisationSetting>>,
  on: readonly ProfileId[],
): (Change & { setting: OrganisationSetting; to: number })[] {
  return organisationSettings.flatMap((setting) => {
    const from = settings[setting];
    const { bound } = heldBy(on, setting);
    if (from === undefined || typeof bound !== 'number') return [];
    const to = atLeast.includes(setting) ? Math.max(from, bound) : Math.min(from, bound);
    return from === to ? [] : [{ setting, from, to }];
  });
}

/** Which profile holds which setting, and at what, as whoever wished something else is told. */
export function lockedDetail(setting: Setting, on: readonly ProfileId[]): string {
  const { by, bound } = heldBy(on, setting);
  const names = by.map((profile) => profiles[profile].name).join(' and ');
  const end = atLeast.includes(setting) ? 'least' : 'most';
  const most = typeof bound === 'number' ? `, at ${bound} at ${end}` : '';
  const verb = by.length === 1 ? 'The profile' : 'The profiles';
  return `${verb} ${names} ${by.length === 1 ? 'holds' : 'hold'} ${settingNames[setting]} (${setting})${most}.`;
}

// What is asked and answered over HTTP ------------------------------------------------------------------------------

export const profileIdSchema = v.picklist(profileIds);
export const profileRequest = v.strictObject({ on: v.boolean() });
/** What turning a profile on would change, or what is outside of it while it is on. `site`: null for the organisation. */
export type SiteChanges = {
  site: { id: string; name: string } | null;
  changes: Change[];
  /** How many conversations, and how many customers without one, a shorter time would erase with the next night. */
  over: number;
  visitorsOver: number;
};
export type ProfileState = { profile: ProfileId; since: number | null; outside: SiteChanges[] };
/** That there is a contract or a document: since when, and where it is kept. */
export const contractNote = v.strictObject({ date: daySchema, where: reasonSchema });
export type ContractNote = v.InferOutput<typeof contractNote>;
/** Null: there is none any more. */
export const contractRequest = v.strictObject({ note: v.nullable(contractNote) });
/** How a security check came out when it was looked at last, what it said, and when; null: not of late. */
export type Looked = { outcome: CheckOutcome; words: string; at: number | null };
/** `checks`: of each that a measure stands by. */
export type ProfilesAnswer = {
  profiles: ProfileState[];
  contracts: Partial<Record<MeasureId, ContractNote>>;
  checks: Partial<Record<string, Looked>>;
};
/** By what is noted and found a measure can be met. */
export type Known = Pick<ProfilesAnswer, 'contracts' | 'checks'>;

/** Each check by which a measure stands. */
export const checksOfMeasures: readonly string[] = [
  ...new Set(
    profileIds
      .flatMap(measuresOf)
      .flatMap(([, { stand }]) => (stand.is === 'by check' ? [...stand.checks] : [])),
  ),
];

/** What is noted as a contract or a document. */
export function isContract(id: string): id is MeasureId {
  return profileIds
    .flatMap(measuresOf)
    .some(([each, { stand }]) => each === id && stand.is === 'by contract');
}

/** Whether a measure is met: by Sotto always, by what is set now, by what was found last, or by what somebody has noted. */
export function isMet(
  id: MeasureId,
  { stand }: Measure,
  { outside }: Pick<ProfileState, 'outside'>,
  { contracts, checks }: Known,
): boolean {
  if (stand.is === 'built in') return true;
  if (stand.is === 'by check') return stand.checks.every((each) => checks[each]?.outcome === 'passed');
  if (stand.is === 'by contract') return contracts[id] !== undefined;
  return outside.every(({ changes }) => changes.every(({ setting }) => !(setting in stand.bounds)));
}
