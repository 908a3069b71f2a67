/** Alarms: the door to the one object that watches, and to the count of what fails. */
export { countFault } from './alarms/faults.ts';
export { alarmsSeenBy, requireSeenAlarm } from './alarms/seeing.ts';
export { watchOf } from './alarms/watching.ts';
