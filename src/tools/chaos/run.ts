/** One run: people talk while everything fails around them; then all heals, and what was said is compared. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { lifetimes } from '../../protocol/limits.ts';
import { bundleInto } from '../bundle.ts';
import { organise, unhurried } from '../engine/company.ts';
import { ledgerHead } from '../engine/ledger.ts';
import { ROOT } from '../project.ts';
import { Mailbox } from '../start/mail.ts';
import { check } from './checker.ts';
import type { Finding } from './checker/finding.ts';
import { Conductor } from './conductor.ts';
import type { ConversationRecord, Evidence } from './evidence.ts';
import type { Participant } from './participant.ts';
import { Party, sizeFor } from './party.ts';
import { Past } from './past.ts';
import { Random } from './random.ts';
import { type Measure, schedule } from './schedule.ts';
import { Server } from './server.ts';
import type { Talk } from './talk.ts';
import { Tally } from './tally.ts';

export const WORKER = join(ROOT, 'src/tools/chaos/worker/worker.ts');
/** Nobody hears anything of what they said for so long: something does not heal. */
const STALL_MS = 90_000;
const DRAIN_MS = 120_000;
/** Alarms, which come sixty times as soon as they should, and their repetition. */
const SETTLE_MS = 4_000;
/** So many look at once. */
const LOOKERS = 16;

export interface Outcome {
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

export class Run {
  readonly tally = new Tally();
  readonly #measure: Measure;
  readonly #random: Random;
  readonly #folder: string;
  #server: Server | undefined;

  /** @param folder where everything lies that the run leaves behind */
  constructor(measure: Measure, seed: number, folder: string) {
    this.#measure = measure;
    this.#random = new Random(String(seed));
    this.#folder = folder;
  }

  async run(): Promise<Outcome> {
    const mailbox = new Mailbox(join(this.#folder, 'mail'));
    const settings = unhurried();
    const code = await bundleInto(join(this.#folder, 'code'), undefined, WORKER);
    const server = await Server.create(this.#folder, { code, ...settings }, (line) => mailbox.hear(line));
    this.#server = server;
    await server.start();
    const { talks, agents } = sizeFor(this.#measure.messages);
    const organisation = await organise(server.url, settings.bindings.SETUP_TOKEN, mailbox, agents);
    const around = { server, tally: this.tally, random: this.#random };
    const party = new Party(around, organisation);
    const past = new Past(server.state, join(this.#folder, 'copies'));
    const conductor = new Conductor(around, party, past);

    const started = Date.now();
    await party.open(talks);
    const conducted = conductor.conduct(schedule(this.#measure, this.#random.named('schedule')));
    const stalled = await this.#enough();
    // All that was to happen has been due by now; what is late happens all the same.
    if (stalled.length === 0) await conducted;
    party.isSilent = true;
    await conducted;
    await conductor.heal();
    const evidence = await this.#gather(party, past);
    const signedOutInTime = organisation.signedOut
      .filter((tookMs) => tookMs < lifetimes.refreshGrace)
      .map((tookMs): Finding => ({ kind: 'rule broken', what: `signed out after ${tookMs} ms` }));
    this.tally.signedOut = organisation.signedOut.length;
    this.tally.answered = evidence.conversations.reduce((sum, { acts }) => sum + acts.length, 0);
    const seconds = Math.round((Date.now() - started) / 1000);
    return { findings: [...stalled, ...conductor.failures, ...signedOutInTime, ...check(evidence)], seconds };
  }

  /** Ends all that runs. */
  end(): void {
    this.#server?.end();
  }

  /** Waits until enough has been acknowledged, or nothing moves any more. */
  async #enough(): Promise<Finding[]> {
    let [last, since] = [this.tally.acknowledged, Date.now()];
    while (this.tally.acknowledged < this.#measure.messages) {
      await wait(50);
      if (this.tally.acknowledged > last) [last, since] = [this.tally.acknowledged, Date.now()];
      if (Date.now() - since > STALL_MS) return [{ kind: 'not healed', what: 'nothing moved any more' }];
    }
    return [];
  }

  async #gather(party: Party, past: Past): Promise<Evidence> {
    await until(() => party.everybody.every((person) => holdsAll(person)));
    const talks = [...party.talks, ...party.others];
    const histories: Omit<ConversationRecord, 'standing'>[] = [];
    for (let index = 0; index < talks.length; index += LOOKERS) {
      const some = talks.slice(index, index + LOOKERS);
      histories.push(...(await Promise.all(some.map((talk) => history(party, talk)))));
    }
    const newcomer = party.lookAtInbox(party.organisation.owner);
    await wait(SETTLE_MS);
    const inboxes = [...party.watchers, newcomer].map((watcher) => watcher.record());
    const clients = talks.flatMap((talk) => talk.records());
    newcomer.link.leave();
    await party.leave();
    const head = this.#server && (await ledgerHead(this.#server.url));
    await this.#server?.kill();
    const standings = past.standings();
    const conversations = histories.flatMap((each) => {
      const standing = standings.get(each.id);
      return standing === undefined ? [] : [{ ...each, standing }];
    });
    const ledger = { ...past.ledger(), head };
    return { clients, conversations, inboxes, directory: past.directory(), ledger };
  }
}

/** What newcomers are given, page by page. */
async function history(party: Party, talk: Talk): Promise<Omit<ConversationRecord, 'standing'>> {
  const lookers = [
    party.look(talk, party.organisation.owner, 'staff'),
    party.look(talk, talk.visitor, 'visitor'),
  ];
  await until(() => lookers.every((person) => holdsAll(person)));
  const [staff, visitor] = lookers.map((person) => {
    person.link.leave();
    return person.record().saw.at(-1) ?? { epoch: '', messages: [] };
  });
  const { id, rollbacks, removals, acts } = talk;
  const nothing = { epoch: '', messages: [] };
  return { id, history: staff ?? nothing, shown: visitor ?? nothing, rollbacks, removals, acts };
}

function holdsAll(person: Participant): boolean {
  person.page();
  return person.isDone;
}

/** Or until it takes too long, which the checker will find. */
async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + DRAIN_MS;
  while (!isSo() && Date.now() < end) await wait(20);
}
