/**
 * The one that watches: it looks through what the ledger takes in, raises alarms, and has them told. It is woken when
 * there is news, and sleeps otherwise.
 */
import { DurableObject } from 'cloudflare:workers';
import { configOf, type Env, vaultOf } from '../../config.ts';
import { idOf, ledgerOf } from '../../ledger.ts';
import { logFault } from '../../log.ts';
import { enter } from '../../people/recording.ts';
import type { Alarm, Finding } from '../../protocol/alarms.ts';
import { type AlarmId, newId, type PersonId, type WebhookId } from '../../protocol/ids.ts';
import type { Webhook, WebhookBody } from '../../protocol/webhooks.ts';
import { bind, keyName } from '../../vault.ts';
import { pauseAfter, Webhooks } from '../webhooks.ts';
import { lookFrom } from './looking.ts';
import { type AlarmRow, AlarmStore } from './store.ts';
import { mailTo, titleOf, toldOf } from './telling.ts';

/** `faults`: by the kind of work, within a day; `faultsLately`: within this hour and the one before. */
export type Standing = {
  openAlarms: number;
  faults: Record<string, number>;
  faultsLately: Record<string, number>;
  deliveriesWaiting: number;
};

/** What comes within this time is looked at in one go. */
const gatherFor = 3_000;
/** What could not be looked at or told is tried again. */
const againAfter = 60_000;
const mailsAtOnce = 20;

export class Watch extends DurableObject<Env> {
  readonly #store: AlarmStore;
  readonly #webhooks: Webhooks;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new AlarmStore(ctx.storage.sql);
    this.#webhooks = new Webhooks(env, ctx.storage.sql);
  }

  /** The ledger has grown. */
  async poke(): Promise<void> {
    await this.#wakeWithin(gatherFor);
  }

  /** What failed anywhere, by the kind of work, and how often. */
  countFaults(counts: readonly (readonly [fault: string, count: number])[]): void {
    this.#store.countFaults(counts, Date.now());
  }

  /**
   * How things stand: alarms that nobody has answered, what failed within a day, what waits to be sent.
   * @param whom alarms about these people alone; null: all of them
   */
  standing(whom: readonly PersonId[] | null = null): Standing {
    const now = Date.now();
    return {
      openAlarms: this.#store.countOpen(whom),
      faults: this.#store.faults(24, now),
      faultsLately: this.#store.faults(2, now),
      deliveriesWaiting: this.#webhooks.list().reduce((sum, { waiting }) => sum + waiting, 0),
    };
  }

  /** Raises an alarm that no entry of the ledger says. */
  async raise(finding: Finding): Promise<void> {
    this.#store.raise(newId('alarm'), finding, Date.now());
    await this.#wakeWithin(gatherFor);
  }

  /** All webhooks are to be told this. What is told again under the same id is told once. */
  async tell(id: string, body: WebhookBody): Promise<void> {
    this.#webhooks.enqueue(id, body, Date.now());
    await this.#wakeWithin(0);
  }

  /** The newest first, raised before then. @param whom about these people alone; null: all of them */
  async list(
    state: 'open' | 'answered',
    before: number,
    limit: number,
    whom: readonly PersonId[] | null = null,
  ): Promise<Alarm[]> {
    return Promise.all(this.#store.list(state, before, limit, whom).map((row) => this.#opened(row)));
  }

  async find(id: AlarmId): Promise<Alarm | undefined> {
    const row = this.#store.find(id);
    return row && this.#opened(row);
  }

  /** Somebody says why it is well, or what they did. Undefined: somebody has before. */
  async answer(id: AlarmId, by: PersonId, reason: string): Promise<Alarm | undefined> {
    const vault = await vaultOf(this.env);
    const sealed = await vault.sealPepper(reasonPlace(id), new TextEncoder().encode(reason));
    if (!this.#store.answer(id, { by, at: Date.now(), reason: sealed })) return undefined;
    return this.find(id);
  }

  webhooks(): Webhook[] {
    return this.#webhooks.list();
  }

  /** Undefined: there are as many as there can be. */
  addWebhook(address: string, most: number): Promise<{ webhook: Webhook; secret: string } | undefined> {
    return this.#webhooks.add(address, most, Date.now());
  }

  /** Undefined: there is no such webhook. */
  testWebhook(id: WebhookId): Promise<Webhook | undefined> {
    return this.#webhooks.test(id, Date.now());
  }

  removeWebhook(id: WebhookId): boolean {
    return this.#webhooks.remove(id);
  }

  /** Has what lies here under this pepper key wrapped under the active one. @returns how many things */
  async rewrapSealed(from: number): Promise<number> {
    const vault = await vaultOf(this.env);
    const named = keyName(from);
    const reasons = this.#store.reasonsUnder(named);
    for (const { id, reason } of reasons)
      this.#store.setReason(id, await vault.rewrap(reasonPlace(id), reason));
    return reasons.length + (await this.#webhooks.rewrap(named));
  }

  override async alarm(): Promise<void> {
    await this.#work('alarms.look', () => this.#look());
    await this.#work('alarms.tell', () => this.#tell());
    await this.#work('alarms.mail', () => this.#mail(Date.now()));
    await this.#work('alarms.deliver', () => this.#webhooks.deliver(Date.now()));
  }

  /** What can't be done now is tried again, and keeps nothing else from being done. @param work says when it is due again */
  async #work(name: string, work: () => Promise<number | undefined>): Promise<void> {
    try {
      const due = await work();
      if (due !== undefined) await this.#wakeWithin(Math.max(0, due - Date.now()));
    } catch (error) {
      logFault(name, error);
      await this.#wakeWithin(againAfter);
    }
  }

  /** That it was looked at and what was found become so at once: nothing is found twice, and nothing is missed. */
  async #look(): Promise<undefined> {
    for (let from = this.#store.next() ?? (await this.#begin()); ;) {
      const { findings, next } = await lookFrom(this.env, from);
      this.ctx.storage.transactionSync(() => {
        for (const finding of findings) this.#store.raise(newId('alarm'), finding, Date.now());
        this.#store.setNext(next);
      });
      if (next === from) return;
      from = next;
    }
  }

  /** Whoever begins to watch is not to be told of what was long ago. */
  async #begin(): Promise<number> {
    const some = Math.max(0, (await ledgerOf(this.env).written()) - 100);
    this.#store.setNext(some);
    return some;
  }

  /** What is begun again says the same under the same id: it stands in the ledger once, and waits for each once. */
  async #tell(): Promise<undefined> {
    for (const { id, rule, about, at, facts: found } of this.#store.untold()) {
      const entry = { actor: null, object: id, ...(about !== null && { subject: about }), facts: { rule } };
      await enter(this.env, { action: 'alarm.raise', ...entry }, idOf('alarm.raise', id));
      const people = await toldOf(this.env, about);
      this.ctx.storage.transactionSync(() => {
        this.#webhooks.enqueue(id, bodyOf(this.env, { id, rule, about, at, facts: found }), Date.now());
        this.#store.enqueueMails({ id, rule }, people, Date.now());
        this.#store.setTold(id);
      });
    }
  }

  /** Whoever can't be mailed now is mailed later, for a day. @returns when the next is due */
  async #mail(now: number): Promise<number | undefined> {
    const mailing = this.#store.dueMails(now, mailsAtOnce).map(async ({ person, tries, whats }) => {
      try {
        await mailTo(this.env, person, whats);
        this.#store.setMailed(person, now);
      } catch (error) {
        logFault('mail.alarm', error);
        const pause = pauseAfter(tries);
        if (pause === undefined) this.#store.setMailed(person, now);
        else this.#store.mailAgain(person, now + pause);
      }
    });
    await Promise.all(mailing);
    return this.#store.nextMail();
  }

  async #opened({ answer, ...alarm }: AlarmRow): Promise<Alarm> {
    if (answer === null) return { ...alarm, answer };
    const reason = await (await vaultOf(this.env)).openPepper(reasonPlace(alarm.id), answer.reason);
    return { ...alarm, answer: { ...answer, reason: new TextDecoder().decode(reason) } };
  }

  async #wakeWithin(milliseconds: number): Promise<void> {
    const at = Date.now() + milliseconds;
    const planned = await this.ctx.storage.getAlarm();
    if (planned === null || planned > at) await this.ctx.storage.setAlarm(at);
  }
}

function bodyOf(
  env: Env,
  { id, rule, about, at, facts }: Pick<AlarmRow, 'id' | 'rule' | 'about' | 'at' | 'facts'>,
): WebhookBody {
  const address = `${configOf(env).origin}/#/settings/alarms`;
  const data = { alarm: id, rule, title: titleOf(rule, 'drill' in facts), about, address };
  return { type: 'alarm.raised', timestamp: new Date(at).toISOString(), data };
}

function reasonPlace(id: AlarmId): Uint8Array {
  return bind('sotto/alarm-answer/1', [id]);
}
