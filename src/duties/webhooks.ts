/** Webhooks: the door to telling other systems of alarms. */
export { pauseAfter, Webhooks } from './webhooks/delivering.ts';
