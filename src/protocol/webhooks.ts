/** Webhooks: addresses of other systems that are told of alarms, by the Standard Webhooks specification. */
import * as v from 'valibot';
import type { AlarmRule } from './alarms.ts';
import type { AlarmId, IncidentId, PersonId, WebhookId } from './ids.ts';
import type { IncidentKind, Severity } from './incidents.ts';
import { limits } from './limits.ts';

/** No name or password in it: who sends is told by the signature. */
const address = v.pipe(
  v.string(),
  v.maxLength(limits.webhookLength),
  v.check((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  }, 'not an address of the web'),
);
export const webhookRequest = v.strictObject({ address });

/**
 * `host`: where it goes; the rest of its address may be a secret. `lastAt`, `lastStatus`: the last try, null before the
 * first; a status of 0 is no answer. `waiting`: what could not be delivered yet. Unix milliseconds.
 */
export type Webhook = {
  id: WebhookId;
  host: string;
  createdAt: number;
  lastAt: number | null;
  lastStatus: number | null;
  waiting: number;
};
export type WebhooksAnswer = { webhooks: Webhook[] };
/** `secret`: shown this once. */
export type WebhookAnswer = { webhook: Webhook; secret: string };
export type WebhookTestAnswer = { webhook: Webhook };

/** What is sent. It names nobody: `about` is an id, and who that is stands behind the sign-in. */
export type WebhookBody =
  | { type: 'test'; timestamp: string; data: Record<string, never> }
  | {
      type: 'alarm.raised';
      timestamp: string;
      data: { alarm: AlarmId; rule: AlarmRule; title: string; about: PersonId | null; address: string };
    }
  | {
      type: 'incident.declared';
      timestamp: string;
      data: { incident: IncidentId; kind: IncidentKind; severity: Severity; title: string; address: string };
    };
