/** What a law asks for, and how Sotto stands to it. */
import { limits } from '../limits.ts';

/** The settings that a profile can hold: of sites, by their path, and of the organisation. */
export const siteSettings = [
  'keptDays',
  'visitorDays',
  'files.days',
  'files.sensitive',
  'files.code',
  'masking.cards',
  'masking.ibans',
  'masking.nationalIds',
  'masking.secrets',
] as const;
export type SiteSetting = (typeof siteSettings)[number];
export const organisationSettings = ['idleMinutes', 'ledgerDetailsDays'] as const;
export type OrganisationSetting = (typeof organisationSettings)[number];
export type Setting = SiteSetting | OrganisationSetting;
type Numbered = 'keptDays' | 'visitorDays' | 'files.days' | OrganisationSetting;

/** A number: at most so much, and not without end; of `atLeast`, at least so much. True: on, or for everything. */
export type Bounds = Readonly<{ [Each in Setting]?: Each extends Numbered ? number : true }>;
/** What has to be there for so long that something can be shown by it. */
export const atLeast: readonly Setting[] = ['ledgerDetailsDays'];

/**
 * How a measure stands. `built in`: Sotto does it always, and nobody can turn it off. `set`: by settings, which the
 * profile bounds. `by check`: by what these security checks find, each of which has to pass. `by contract`: by a contract or
 * a document outside of Sotto, which somebody notes.
 */
export type Stand =
  | { is: 'built in'; rules: readonly string[] }
  | { is: 'set'; bounds: Bounds }
  | { is: 'by check'; checks: readonly string[] }
  | { is: 'by contract' };

export type Measure = Readonly<{
  /** The paragraph that it answers. */
  answers: string;
  says: string;
  stand: Stand;
}>;
export type Measures = Readonly<Record<string, Measure>>;

export const builtIn = (...rules: string[]): Stand => ({ is: 'built in', rules });
export const set = (bounds: Bounds): Stand => ({ is: 'set', bounds });
export const byCheck = (...checks: string[]): Stand => ({ is: 'by check', checks });
export const byContract: Stand = { is: 'by contract' };

/** No law names a number. Two years outlive what customers come back about; whoever needs less says less. */
export const keptDaysHeld = 2 * limits.conversationDays;
