/** Alarms: what is unusual enough that somebody has to look at it and say why it is well. */
import * as v from 'valibot';
import { reasonSchema } from './fields.ts';
import { type AlarmId, idSchema, type PersonId } from './ids.ts';
import type { LedgerFacts } from './ledger.ts';

/** Each rule by name, in words that say what has happened. */
export const alarmRules = {
  'reading.budget': 'Somebody has opened as many conversations or files within an hour as their role allows',
  'reading.unusual': 'Somebody reads far more conversations than they ever did in an hour',
  'reading.files': 'Somebody opens far more files than they ever did in an hour',
  'export.mass': 'Somebody takes data along again and again',
  'refusals.many': 'Somebody keeps trying what they may not do',
  'signIn.failures': 'Somebody keeps failing to sign in to one account',
  'signIn.spray': 'Somebody keeps failing to sign in, to many accounts',
  'signIn.country': 'Somebody signed in from a country that they have not been in lately',
  'keys.overdue': 'A key of Sotto’s own should have been renewed',
  'ledger.broken': 'The ledger is not what was signed',
  'ledger.unsent': 'The ledger’s witness could not be sent its head for two nights',
  'retention.late': 'What was to be deleted is still here',
  'backup.missing': 'There is no backup of the last night',
  'backup.broken': 'A backup is not what was signed',
  'checks.worse': 'A security check that had passed does not pass any more',
  'backup.drill': 'It is not proved that a backup can be put back',
  'file.malware': 'Malware was found in a file that came in',
  'incident.overdue': 'The law’s time to tell somebody of an incident is over',
} as const;
export type AlarmRule = keyof typeof alarmRules;
export const alarmRuleNames = Object.keys(alarmRules) as AlarmRule[];

/** What a rule has found. `about`: the person whose doing it is, or whose account it concerns; null: nobody on staff. */
export type Finding = { rule: AlarmRule; about: PersonId | null; facts: LedgerFacts };
/** `at`, `lastAt`: when it was raised, and found last. `times`: how often it was found. Unix milliseconds. */
export type Alarm = Finding & {
  id: AlarmId;
  at: number;
  lastAt: number;
  times: number;
  answer: { by: PersonId; at: number; reason: string } | null;
};

/** Those that nobody has answered, or the others; `before`: raised before then, in Unix milliseconds. */
export const alarmsQuery = v.strictObject({
  state: v.picklist(['open', 'answered']),
  before: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'not Unix milliseconds'), v.transform(Number))),
});
/** `next`: what `before` of the next page is; null where nothing follows. */
export type AlarmsAnswer = { alarms: Alarm[]; next: number | null };
export const alarmAnswerRequest = v.strictObject({ reason: reasonSchema });
export type AlarmAnswer = { alarm: Alarm };
export const alarmIdSchema = idSchema('alarm');
