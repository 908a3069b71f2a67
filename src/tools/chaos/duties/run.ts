/**
 * One run: copies, erasures, retention, backups, restores and a rotation, each begun through its own door or by the clock,
 * with a server that is killed at any moment of them. Then they are left to end by themselves, and what came of them is
 * looked at.
 */
import { join } from 'node:path';
import type { HistoryAnswer } from '../../../protocol/bodies.ts';
import type { KeysAnswer } from '../../../protocol/keys.ts';
import { bundleInto } from '../../bundle.ts';
import { Client } from '../../demo/client.ts';
import { join as invited } from '../../demo/joining.ts';
import { organise, ORIGIN, unhurried } from '../../engine/company.ts';
import { Shop, type Talk } from '../../engine/customers.ts';
import { ledgerHead } from '../../engine/ledger.ts';
import { Mailbox } from '../../start/mail.ts';
import type { Finding } from '../checker/finding.ts';
import { Random } from '../random.ts';
import { WORKER } from '../run.ts';
import { Server } from '../server.ts';
import type { StoredRun } from '../worker/faults.ts';
import { checkSaid } from './checker.ts';
import { DAY, Driving, roundOf } from './driving.ts';
import { inLanes } from './lanes.ts';
import { lookAtEnd } from './looking.ts';
import { lose } from './losing.ts';
import { Officer } from './officer.ts';
import { round, type Scene } from './round.ts';
import { Talks } from './talks.ts';

export interface Measure {
  readonly seed: number;
  /** In each all of it is done, and then all of it is lost and put back. */
  readonly rounds: number;
  /** In each round, in each restore, and while keys are rotated. */
  readonly kills: number;
}
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly seconds: number;
  readonly kills: number;
  /** Of each duty, how many kills found it going on. */
  readonly struck: Readonly<Record<string, number>>;
}

export class Run {
  readonly #measure: Measure;
  readonly #folder: string;
  readonly #findings: Finding[] = [];
  #driving: Driving | undefined;
  #stage = 'long ago';

  constructor(measure: Measure, folder: string) {
    this.#measure = measure;
    this.#folder = folder;
  }

  async run(): Promise<Outcome> {
    const begun = Date.now();
    const mailbox = new Mailbox(join(this.#folder, 'mail'));
    const settings = unhurried();
    const { KEYRING: keyring, SETUP_TOKEN: setup } = settings.bindings;
    const code = await bundleInto(join(this.#folder, 'code'), undefined, WORKER);
    const server = await Server.create(this.#folder, { ...settings, code }, (line) => mailbox.hear(line));
    const { seed, rounds, kills } = this.#measure;
    const driving = new Driving(server, new Random(String(seed)).named('duties'));
    this.#driving = driving;
    await server.start();
    const { team, owner } = await organise(server.url, setup, mailbox, 0);
    const client = new Client(server.url.origin, ORIGIN);
    const member = { name: 'Olga', address: 'olga@example.com', role: 'owner' as const };
    const officer = new Officer(client, await invited(client, mailbox, member, [team], await owner.access()));
    const shop = await Shop.open(officer, team, 'Living');
    const shops: Shop[] = [];
    for (let n = 0; n < rounds; n++) shops.push(await Shop.open(officer, team, `Old ${n}`));

    const talks = new Talks(driving);
    const scene = { driving, talks, officer, shop, folder: this.#folder, keyring, kills, rounds };
    const old = await talks.longAgo(shops);
    for (const [n, oldShop] of shops.entries()) {
      this.#stage = `round ${n + 1} of ${rounds}`;
      await officer.proves();
      if (n === 0) await renew(officer);
      const { findings, keys } = await round(n, scene, { shop: oldShop, talks: old[n] ?? [] });
      this.#stage = `restore ${n + 1} of ${rounds}`;
      this.#findings.push(...findings, ...(await lose(scene, { client, setup, keys })));
    }
    this.#stage = 'rotation';
    this.#findings.push(...(await rotated(scene)), ...(await atTheEnd(scene)));
    const seconds = Math.round((Date.now() - begun) / 1000);
    return { findings: this.#findings, seconds, kills: driving.kills, struck: driving.struck };
  }

  get progress(): string {
    return `${this.#stage}, ${this.#driving?.kills ?? 0} kills, ${this.#findings.length} findings`;
  }

  /** Ends all that runs. */
  end(): void {
    this.#driving?.server.end();
  }
}

async function renew(officer: Officer): Promise<void> {
  const { keys } = await officer.get<KeysAnswer>('/keys');
  for (const { id, purpose, state } of keys)
    if (state === 'active' && (purpose === 'data' || purpose === 'pepper'))
      await officer.post(`/keys/${id}/renew`, {});
}

/** A round of it begins minutes after the one before: the kills wait for it. */
async function rotated({ driving, officer, kills }: Scene): Promise<Finding[]> {
  // Where all was lost, the next night finds what is still to be done.
  await driving.night(Date.now() + 2 * DAY);
  const isMoving = (run: StoredRun) => run.duty === 'rotation' && (roundOf(run) ?? Infinity) <= Date.now();
  const isOver = ({ duty, over_at }: StoredRun) => duty !== 'rotation' || over_at !== null;
  await driving.kill(kills, async () => {
    await driving.looking('keys are wrapped anew', (runs) => runs.some(isMoving) || runs.every(isOver));
    return true;
  });
  await driving.over(() => true);
  await officer.proves();
  const { keys } = await officer.get<KeysAnswer>('/keys');
  return keys
    .filter(({ purpose, state }) => state === 'retired' && (purpose === 'data' || purpose === 'pepper'))
    .map(({ purpose }) => ({ kind: 'not healed', what: `a key for ${purpose} is not thrown away` }));
}

/** All that is there opens, the ledger is whole, and nothing lies under a key that is gone. */
async function atTheEnd({ driving, talks, officer, folder }: Scene): Promise<Finding[]> {
  const there = [...talks.there.values()];
  for (const by of new Set(there.map((talk) => talk.by))) await by.returns();
  const said = await inLanes(there.length, async (n) => {
    const talk = there[n] as Talk;
    const { messages } = await talk.by.get<HistoryAnswer>(`/conversations/${talk.id}/messages?limit=100`);
    const texts = messages.filter(({ kind }) => kind === 'text').map((message) => message.text);
    return checkSaid(talk.id, texts, talk.said);
  });
  await officer.get('/keys');
  const head = await ledgerHead(driving.server.url);
  await driving.server.kill();
  return [...said.flat(), ...lookAtEnd(driving.state, folder, head)];
}
