/** What is said of drills. */
import type { DrillGap, DrillReport, DrillScenario } from '../../../../protocol/drills.ts';
import type { SettingsScreen } from '../../route.ts';

const [second, minute] = [1_000, 60_000];
/** As exactly as a report needs it. */
const span = (ms: number) => {
  if (ms < second) return `${ms} ms`;
  if (ms < minute) return `${Math.round(ms / 100) / 10} s`;
  return `${Math.floor(ms / minute)} min ${Math.round((ms % minute) / second)} s`;
};

export const words = {
  title: 'Drills',
  intro:
    'A drill plays an incident with a team, a site, a colleague and customers of its own, all named “DRILL” and none of them real. It measures how soon it is noticed, contained and mended, and takes everything away again.',
  scenarios: 'What can be played',
  scenarioNames: {
    account: 'A stolen account reads',
    key: 'A key that signs tokens has leaked',
    file: 'A poisoned file comes in',
    backup: 'A backup can’t be put back',
  } satisfies Record<DrillScenario, string>,
  makes: {
    account: 'It makes 40 conversations, and somebody who reads one after another.',
    key: 'It makes 3 conversations, and somebody who reads them with a token that nobody was given, and tries doors that it does not open.',
    file: 'It makes a conversation in which a customer sends the harmless test file that every scanner takes for malware.',
    backup:
      'It tries a damaged copy of the newest backup, which lies nowhere, and then puts the backup itself into the scratch space.',
  } satisfies Record<DrillScenario, string>,
  toDo: 'Then it is up to you: find the alarm, declare the incident from it, and lock the account that it is about, or end its sessions. Where nobody does within half an hour, the drill does so by itself.',
  play: 'Play it',
  playThis: (name: string) => `Play it: ${name}`,
  last: (when: string, result: string) => `Last played ${when}: ${result}`,
  never: 'Never played.',
  due: 'It should be played again: a hundred days are over.',
  begun: 'The drill has begun.',
  ended: 'The drill is over.',
  goesOn: 'A drill goes on',
  only: 'One is played at a time.',
  steps: {
    setting: 'Its stage is being set.',
    waiting: 'It is played now. Is there an alarm?',
    raised: 'The alarm was raised. Declare the incident, and contain it.',
    contained: 'It is contained, and being mended.',
    clearing: 'Its stage is being cleared.',
  },
  alarms: 'Alarms',
  theAccount: 'The account that is played',
  reports: 'Reports',
  none: 'No drill was played yet.',
  report: 'Report of a drill',
  result: ({ contained, gaps }: DrillReport) => {
    if (contained === null) return 'not contained';
    if (gaps.length === 0) return 'contained, with nothing missing';
    return gaps.length === 1 ? 'contained, with one gap' : `contained, with ${gaps.length} gaps`;
  },
  times: 'Times',
  begunAt: 'Begun',
  by: (name: string, when: string) => `${name}, ${when}`,
  after: {
    alarm: 'Until the alarm',
    declared: 'Until it was declared',
    contained: 'Until it was contained',
    recovered: 'Until it was mended',
  },
  socket: 'From the act until its open socket was closed',
  span,
  not: 'Not at all',
  containedBy: {
    people: 'by somebody',
    drill: 'by the drill',
    itself: 'by itself: the session had ended',
  } satisfies Record<NonNullable<DrillReport['contained']>['by'], string>,
  containedAfter: (how: string, by: string) => `${how}, ${by}`,
  radius: 'What was read, and what the ledger says',
  radiusOf: ({ read, found, isExact }: NonNullable<DrillReport['radius']>) =>
    isExact ? `${found} of ${read}, and nothing else` : `Read: ${read}. Named by the ledger: ${found}.`,
  incident: 'Its incident',
  gaps: 'Gaps',
  noGaps: 'Nothing was missing.',
  gapWords: {
    notPlayed: 'It could not be played here: something that it does was refused.',
    noScanner: 'There is no scanner of files, so that malware comes in unseen.',
    noBackup: 'There is no backup that could be put back.',
    unseen: 'A damaged backup was taken for a whole one.',
    noAlarm: 'No alarm was raised. Nobody would have noticed.',
    notDeclared: 'Nobody declared an incident. Does everybody know where, and that they may?',
    notContained: 'Nobody contained it within half an hour.',
    slowSocket: 'What the account had open was closed later than a second after it was contained.',
    radiusDiffers: 'The ledger says something else than what was read.',
    notRecovered: 'It was not mended.',
  } satisfies Record<DrillGap, string>,
  /** Where it is mended: the screen, what it is called, and which part of it. */
  gapLink: {
    notPlayed: ['ledger', 'What was refused'],
    noScanner: ['alarms', 'Alarms'],
    noBackup: ['backups', 'Backups'],
    unseen: ['backups', 'Backups'],
    noAlarm: ['alarms', 'Alarms'],
    notDeclared: ['incidents', 'Who has which role', 'plan'],
    notContained: ['incidents', 'Runbooks and roles', 'plan'],
    slowSocket: ['live', 'How Sotto does'],
    radiusDiffers: ['ledger', 'The ledger'],
    notRecovered: ['backups', 'Backups'],
  } satisfies Record<DrillGap, readonly [SettingsScreen, string, string?]>,
};
