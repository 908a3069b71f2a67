/** What people ask about their own data: the door to erasing them, which takes longer than one request. */
export { erasePortion, isHeld, seeToErasures } from './privacy/erasing.ts';
export { refuseCopyOfRestricted, restrictPortion, seeToRestrictions } from './privacy/restricting.ts';
