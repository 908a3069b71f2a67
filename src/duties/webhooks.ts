/** Webhooks: the door to telling other systems of alarms. */
export { Webhooks } from './webhooks/delivering.ts';
