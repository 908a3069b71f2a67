/** The steps around the owner key, which are fetched when one of them is wanted. */
export { KeepStep } from './keep-step.tsx';
export { LostStep } from './lost-step.tsx';
export { StopStep } from './stop-step.tsx';
export { WaitStep } from './wait-step.tsx';
