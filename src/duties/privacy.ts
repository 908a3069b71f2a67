/** What people ask about their own data: the door to erasing them, which takes longer than one request. */
export { erasePortion, seeToErasures } from './privacy/erasing.ts';
export { mayBeHeld } from './privacy/holds.ts';
export { refuseCopyOfRestricted, restrictPortion, seeToRestrictions } from './privacy/restricting.ts';
