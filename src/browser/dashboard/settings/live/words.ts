/** What is said of what happens now. */
const minute = 60_000;

export const words = {
  intro: 'How long customers wait, and who is there for them. It is asked for anew every five seconds.',
  asOf: (time: string) => `As of ${time}.`,
  alarms: (count: number) => (count === 1 ? 'One alarm is open' : `${count} alarms are open`),
  noFaults: 'Nothing has failed on Sotto’s side in the last hour or two.',
  faults: 'Failed on Sotto’s side in the last hour or two:',
  noTeams: 'There is no team whose work you may see.',
  unknown: 'This team’s inbox could not be reached.',
  waiting: 'Waiting',
  claimed: 'Claimed',
  unanswered: 'Unanswered',
  longest: 'Longest wait',
  nobody: 'none',
  pace: 'Messages a minute',
  here: 'At work',
  nobodyHere: 'Nobody is there.',
  longestOf: 'Whoever waits longest',
  noneWaits: 'No customer waits for an answer.',
  watch: 'Watch',
  watchThis: (name: string) => `Watch without being shown: ${name}`,
  /** How long that is, in the largest unit that says enough. */
  long: (milliseconds: number) => {
    const minutes = Math.floor(milliseconds / minute);
    if (minutes < 1) return 'under a minute';
    if (minutes < 60) return `${minutes} min`;
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  },
};
