/**
 * Telling other systems of alarms (Standard Webhooks 1.0): each body is signed with the webhook's own secret, has an id
 * that is the same at each try, and is tried again for a day where nobody answers that it came.
 */
import { Webhook as Signer } from 'standardwebhooks';
import { type Env, vaultOf } from '../../config.ts';
import { logFault } from '../../log.ts';
import { newId, type WebhookId } from '../../protocol/ids.ts';
import type { Webhook, WebhookBody } from '../../protocol/webhooks.ts';
import { bind } from '../../vault.ts';
import { type Delivery, WebhookStore } from './store.ts';

const minute = 60_000;
const pauses = [1, 5, 30, 120, 360, 960].map((minutes) => minutes * minute);
/** How long after so many tries and one more that failed it is tried again; undefined: no more. */
export function pauseAfter(tries: number): number | undefined {
  return pauses[tries];
}
const patience = 10_000;
const secretBytes = 32;

export class Webhooks {
  readonly #env: Env;
  readonly #store: WebhookStore;

  constructor(env: Env, sql: SqlStorage) {
    this.#env = env;
    this.#store = new WebhookStore(sql);
  }

  list(): Webhook[] {
    return this.#store.list();
  }

  /** Undefined: there are as many as there can be. @returns with the secret, which nobody is told again */
  async add(
    address: string,
    most: number,
    now: number,
  ): Promise<{ webhook: Webhook; secret: string } | undefined> {
    const id = newId('webhook');
    const { host } = new URL(address);
    const secret = `whsec_${crypto.getRandomValues(new Uint8Array(secretBytes)).toBase64()}`;
    const vault = await vaultOf(this.#env);
    const seal = (field: Field, text: string) =>
      vault.sealPepper(placeOf(id, field), new TextEncoder().encode(text));
    const sealed = [await seal('address', address), await seal('secret', secret)] as const;
    if (this.#store.count() >= most) return undefined;
    const webhook = { id, host, createdAt: now, lastAt: null, lastStatus: null, waiting: 0 };
    this.#store.add(webhook, ...sealed);
    return { webhook, secret };
  }

  /** Has what lies under this pepper key wrapped under the active one. @param named its id, as it stands there */
  async rewrap(named: Uint8Array): Promise<number> {
    const vault = await vaultOf(this.#env);
    const under = this.#store.sealedUnder(named);
    for (const { id, field, sealed } of under)
      this.#store.setSealed(id, field, await vault.rewrap(placeOf(id, field), sealed));
    return under.length;
  }

  remove(id: WebhookId): boolean {
    return this.#store.remove(id);
  }

  /** Sends a body that says nothing, once and now. Undefined: there is no such webhook. */
  async test(id: WebhookId, now: number): Promise<Webhook | undefined> {
    const body: WebhookBody = { type: 'test', timestamp: new Date(now).toISOString(), data: {} };
    const delivery = { id: crypto.randomUUID(), webhook: id, body: JSON.stringify(body), tries: 0 };
    if ((await this.#send(delivery, now)) === undefined) return undefined;
    return this.#store.list().find((webhook) => webhook.id === id);
  }

  /** All of them are to be told this. The same id again is the same. */
  enqueue(id: string, body: WebhookBody, now: number): void {
    this.#store.enqueue(id, JSON.stringify(body), now);
  }

  /**
   * Delivers to each webhook the first that is due, to all at once: one that does not answer keeps neither the others
   * nor the looking for alarms waiting. @returns when it has to be looked at again
   */
  async deliver(now: number): Promise<number | undefined> {
    await Promise.all(this.#store.due(now).map((delivery) => this.#deliver(delivery, now)));
    return this.#store.nextDue();
  }

  async #deliver(delivery: Delivery, now: number): Promise<void> {
    const status = await this.#send(delivery, now).catch((error: unknown) => {
      logFault('webhooks.send', error);
      return 0;
    });
    const pause = pauseAfter(delivery.tries);
    if (status === undefined || isTaken(status) || pause === undefined) this.#store.drop(delivery);
    else this.#store.tryAgain(delivery, now + pause);
  }

  /** The answer's status, 0 where there was none; undefined: there is no such webhook (any more). */
  async #send({ id, webhook, body }: Delivery, now: number): Promise<number | undefined> {
    const row = this.#store.find(webhook);
    if (row === undefined) return undefined;
    const vault = await vaultOf(this.#env);
    const open = async (field: Field, sealed: Uint8Array) =>
      new TextDecoder().decode(await vault.openPepper(placeOf(webhook, field), sealed));
    const signature = new Signer(await open('secret', row.secret)).sign(id, new Date(now), body);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1000)),
      'webhook-signature': signature,
    };
    const status = await statusOf(await open('address', row.address), { method: 'POST', headers, body });
    this.#store.setTried(webhook, now, status);
    return status;
  }
}

/** Nobody is followed elsewhere: the secret is for this address alone. */
async function statusOf(address: string, request: RequestInit): Promise<number> {
  try {
    const answer = await fetch(address, {
      ...request,
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return 0;
  }
}

function isTaken(status: number): boolean {
  return status >= 200 && status < 300;
}

type Field = 'address' | 'secret';

function placeOf(id: WebhookId, field: Field): Uint8Array {
  return bind('sotto/webhook/1', [id, field]);
}
