/** Drills: an incident that is played with marked, harmless data, and what it has shown. */
import * as v from 'valibot';
import type { AlarmRule } from './alarms.ts';
import type { AlarmId, DrillId, IncidentId, PersonId } from './ids.ts';
import type { IncidentKind } from './incidents.ts';

/** What is played, and as which kind of incident. */
export const drillScenarios = {
  account: 'account',
  key: 'key',
  file: 'file',
  backup: 'other',
} as const satisfies Record<string, IncidentKind>;
export type DrillScenario = keyof typeof drillScenarios;
export const drillScenarioNames = Object.keys(drillScenarios) as [DrillScenario, ...DrillScenario[]];

/** A scenario that was not played for so long is due: once a quarter, with some days to find the time. */
export const drillDueAfter = 100 * 86_400_000;
/** Where nobody has contained it by then, the drill does so by itself. */
export const drillPatience = 30 * 60_000;

/**
 * What was missing. `notPlayed`: it could not be; `noScanner`, `noBackup`: there is none; `unseen`: what was damaged was not
 * refused; `noAlarm`: none was raised; `notDeclared`: nobody declared an incident; `notContained`: nobody contained it;
 * `slowSocket`: what was open closed later than a second after the act; `radiusDiffers`: the ledger says something else than
 * what was read; `notRecovered`: it was not mended in time.
 */
export const drillGaps = [
  'notPlayed',
  'noScanner',
  'noBackup',
  'unseen',
  'noAlarm',
  'notDeclared',
  'notContained',
  'slowSocket',
  'radiusDiffers',
  'notRecovered',
] as const;
export type DrillGap = (typeof drillGaps)[number];

/**
 * `contained.by`: somebody, the drill because nobody did, or a session that ended by itself; `socketMs`: from the act until
 * the account's open socket was closed, null where nobody acted. `radius`: how many things were read, and how many of them
 * the ledger names. Unix milliseconds.
 */
export type DrillReport = {
  playedAt: number | null;
  alarm: { id: AlarmId; rule: AlarmRule; at: number } | null;
  declared: { incident: IncidentId; at: number } | null;
  contained: { at: number; by: 'people' | 'drill' | 'itself'; socketMs: number | null } | null;
  recoveredAt: number | null;
  radius: { read: number; found: number; isExact: boolean } | null;
  gaps: DrillGap[];
};

/** `account`: who is played; they are there until it is over. */
export type DrillView = {
  id: DrillId;
  scenario: DrillScenario;
  begunBy: PersonId;
  begunAt: number;
  overAt: number | null;
  account: PersonId;
  report: DrillReport;
};

export const drillRequest = v.strictObject({ scenario: v.picklist(drillScenarioNames) });
/** The newest first, as many as are shown. */
export type DrillsAnswer = { drills: DrillView[] };
export type DrillAnswer = { drill: DrillView };

/** Whether it was played to its end, and ended contained. */
export function isGoodDrill({ overAt, report }: Pick<DrillView, 'overAt' | 'report'>): boolean {
  return overAt !== null && report.contained !== null;
}
