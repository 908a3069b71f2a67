/**
 * One run: copies, erasures, retention, backups and a rotation, each begun through its own door or by the clock, with a
 * server that is killed at any moment of them. Then they are left to end by themselves, and what came of them is looked at.
 *
 * A restore has its place here beside the others: begun like them, killed like them, and checked in `#checks`.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { KeysAnswer } from '../../../protocol/keys.ts';
import type { HistoryAnswer } from '../../../protocol/bodies.ts';
import type { CopyAnswer } from '../../../protocol/copies.ts';
import type { OpenFileAnswer } from '../../../protocol/file-bodies.ts';
import { readVerifierKey } from '../../../protocol/ledger-proof.ts';
import type { RequestAnswer } from '../../../protocol/privacy.ts';
import { readReceipt } from '../../../protocol/receipt.ts';
import { namedKey } from '../../../vault.ts';
import { bundleInto } from '../../bundle.ts';
import { Client } from '../../demo/client.ts';
import { join as invited } from '../../demo/joining.ts';
import { download, linesOf, verify } from '../../engine/backups.ts';
import { organise, ORIGIN, unhurried } from '../../engine/company.ts';
import { ledgerHead } from '../../engine/ledger.ts';
import { objectsIn } from '../../engine/stored.ts';
import { Mailbox } from '../../start/mail.ts';
import type { Finding } from '../checker/finding.ts';
import { checkLedger } from '../checker/ledger.ts';
import { insist } from '../insist.ts';
import { Past } from '../past.ts';
import { Random } from '../random.ts';
import { WORKER } from '../run.ts';
import { Server } from '../server.ts';
import type { StoredRun } from '../worker/faults.ts';
import {
  checkBackedUp,
  checkGone,
  checkKeys,
  checkNamed,
  checkSaid,
  checkTraces,
  type MessageLine,
} from './checker.ts';
import { checkCopy } from './copied.ts';
import { Customer, Officer, Shop, type Talk } from './people.ts';
import { everythingIn, inDatabase, keysUnder, namesIn, talksIn } from './raw.ts';

export interface Measure {
  readonly seed: number;
  /** In each, somebody is erased, somebody has a copy made, a site's old conversations go, and a backup is made. */
  readonly rounds: number;
  /** In each round, and while keys are rotated. */
  readonly kills: number;
}
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly seconds: number;
  readonly kills: number;
  /** Of each duty, how many kills found it going on. */
  readonly struck: Readonly<Record<string, number>>;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** So old are the conversations that go. */
const OLD = 4 * DAY;
const KEPT_DAYS = 2;
/** More than one portion of an erasure. */
const TALKS = 55;
const OLD_TALKS = 24;
const LANES = 8;
/** They take less than a second, if nobody kills them. */
const BETWEEN_KILLS_MS = { least: 0, most: 250 };
const LOOK_MS = 100;
const PATIENCE_MS = 150_000;
/** Long duties that stand still for ten minutes are driven on: the clock that they go by goes ahead. */
const AHEAD = 11 * MINUTE;
/** So soon somebody looks after them where nobody else does, and then less and less often. */
const DRIVEN_MS = 8_000;
const NIGHT = '17 3 * * *';
const QUARTER = '*/15 * * * *';
/** What no byte that is stored may spell. */
const MARK = 'Mark! of somebody';

type Round = {
  readonly erased: Customer;
  readonly request: string;
  readonly copied: Customer;
  readonly gone: readonly Talk[];
  readonly keys: readonly Buffer[];
  copy: string;
};

export class Run {
  readonly #measure: Measure;
  readonly #random: Random;
  readonly #folder: string;
  readonly #findings: Finding[] = [];
  readonly #struck: Record<string, number> = {};
  /** Every conversation that is to be there, and all that are to be gone. */
  readonly #talks = new Map<string, Talk>();
  readonly #gone: string[] = [];
  readonly #keyring: string;
  #kills = 0;
  #stage = 'long ago';
  #ahead = 0;
  #server: Server | undefined;

  constructor(measure: Measure, folder: string) {
    this.#measure = measure;
    this.#random = new Random(String(measure.seed)).named('duties');
    this.#folder = folder;
    this.#keyring = unhurried().bindings.KEYRING;
  }

  async run(): Promise<Outcome> {
    const begun = Date.now();
    const mailbox = new Mailbox(join(this.#folder, 'mail'));
    const settings = unhurried();
    const bindings = { ...settings.bindings, KEYRING: this.#keyring };
    const code = await bundleInto(join(this.#folder, 'code'), undefined, WORKER);
    const wish = { ...settings, bindings, code };
    const server = await Server.create(this.#folder, wish, (line) => mailbox.hear(line));
    this.#server = server;
    await server.start();
    const { team, owner } = await organise(server.url, bindings.SETUP_TOKEN, mailbox, 0);
    const client = new Client(server.url.origin, ORIGIN);
    const member = { name: 'Olga', address: 'olga@example.com', role: 'owner' as const };
    const officer = new Officer(client, await invited(client, mailbox, member, [team], await owner.access()));
    const shop = await Shop.open(officer, team, 'Living');
    const shops: Shop[] = [];
    for (let n = 0; n < this.#measure.rounds; n++) shops.push(await Shop.open(officer, team, `Old ${n}`));

    const old = await this.#longAgo(shops);
    for (const [n, talks] of old.entries()) {
      const shopOf = shops[n];
      if (shopOf === undefined) continue;
      await officer.proves();
      if (n === 0) await this.#renews(officer);
      await this.#round(n, { officer, shop, old: talks, oldShop: shopOf });
    }
    await this.#rotated(officer);
    await this.#atTheEnd(officer);
    const seconds = Math.round((Date.now() - begun) / 1000);
    return { findings: this.#findings, seconds, kills: this.#kills, struck: this.#struck };
  }

  get progress(): string {
    return `${this.#stage}, ${this.#kills} kills, ${this.#findings.length} findings`;
  }

  /** Ends all that runs. */
  end(): void {
    this.#server?.end();
  }

  get #up(): Server {
    if (this.#server === undefined) throw new Error('there is no server yet');
    return this.#server;
  }

  get #state(): string {
    return this.#up.state;
  }

  // What there is -----------------------------------------------------------------------------------------------

  /** For each shop conversations in which nothing was said for days. */
  async #longAgo(shops: readonly Shop[]): Promise<Talk[][]> {
    await this.#restart(-OLD);
    const old = await Promise.all(
      shops.map((shop) =>
        inLanes(OLD_TALKS, async (n) => {
          const customer = await Customer.come(this.#up.url, shop, null);
          return this.#talk(customer, [`long ago ${n}`, `and more ${n}`, `and more again ${n}`]);
        }),
      ),
    );
    await this.#toldTo(old.flat());
    await this.#restart(0);
    return old;
  }

  async #talk(customer: Customer, texts: readonly string[]): Promise<Talk> {
    const [first = '', ...others] = texts;
    const talk = await customer.begins(first);
    if (others.length > 0) await customer.says(talk, others);
    this.#talks.set(talk.id, talk);
    return talk;
  }

  /** Many, in the first of which a file is sent. */
  async #lives(customer: Customer, name: string, officer: Officer): Promise<Talk[]> {
    const talks = await inLanes(TALKS, (n) =>
      this.#talk(customer, [`${MARK} ${name} ${n}`, ...(n % 10 === 0 ? [`a ${n}`, `b ${n}`, `c ${n}`] : [])]),
    );
    const [first] = talks;
    if (first === undefined) return talks;
    const bytes = Buffer.from(`${MARK} in a file ${randomBytes(100_000).toString('hex')}`);
    await customer.sends(first, 'notes.txt', bytes);
    await officer.releases(first);
    return talks;
  }

  /** Until the directory has them. */
  async #toldTo(talks: readonly Talk[]): Promise<void> {
    const wanted = talks.map(({ id }) => id);
    await until(
      () => 'the directory has them',
      () => {
        const known = idsIn(this.#state, 'SELECT id FROM conversations');
        return wanted.every((id) => known.has(id));
      },
    );
  }

  async #restart(clock: number): Promise<void> {
    await this.#up.kill();
    this.#up.setClock(clock);
    await this.#up.start();
  }

  // One round ---------------------------------------------------------------------------------------------------

  async #round(
    n: number,
    { officer, shop, old, oldShop }: { officer: Officer; shop: Shop; old: readonly Talk[]; oldShop: Shop },
  ): Promise<void> {
    this.#stage = `round ${n + 1} of ${this.#measure.rounds}`;
    const { url } = this.#up;
    const erased = await Customer.come(url, shop, `victim ${n}`);
    const copied = await Customer.come(url, shop, `asker ${n}`);
    const theirs = await this.#lives(erased, `victim ${n}`, officer);
    const asked = await this.#lives(copied, `asker ${n}`, officer);
    // Of the old ones a legal hold keeps one, and another goes on.
    const [held, goesOn, ...over] = old;
    if (held === undefined || goesOn === undefined) throw new Error('there are too few conversations');
    await goesOn.by.returns();
    await goesOn.by.says(goesOn, ['back again']);
    await officer.proves();
    await officer.put(`/conversations/${held.id}/hold`, { reason: 'A court has asked for it.' });
    await oldShop.keeps(officer, KEPT_DAYS);
    await this.#toldTo([...theirs, ...asked]);
    const { request } = await officer.post<RequestAnswer>('/requests', {
      ...{ of: erased.id, kind: 'erasure', law: 'gdpr' },
      ...{ how: 'They called from the number that we know.', wish: null },
    });
    const keys = keysUnder(this.#state, [
      ...[`visitor/${erased.id}`, `ledger/${erased.id}/`],
      ...theirs.flatMap(({ id }) => [`conversation/${id}/`, `file/${id}/`]),
    ]);
    const round: Round = {
      ...{ erased, copied, keys, copy: '', request: request.id },
      gone: [...theirs, ...over],
    };
    for (const { id } of round.gone) {
      this.#talks.delete(id);
      this.#gone.push(id);
    }
    const begunAt = Date.now();
    const begun = this.#begin(n, officer, round, begunAt);
    const night = new Date(begunAt + (n + 1) * DAY).toISOString().slice(0, 10);
    await this.#kill(this.#measure.kills, async (kill) => {
      // The first find what was asked for by a door; of the others one waits for retention, the next for the backup.
      if (kill < this.#measure.kills / 3) return;
      const id = `${kill % 2 === 0 ? 'retention' : 'backup'}-${night}`;
      await this.#looking('the night has begun', (runs) => runs.some((run) => run.id === id));
    });
    await begun;
    await this.#over(({ duty }) => duty !== 'rotation');
    // An erasure that was decided and not begun is what the next night finds.
    await this.#orders(NIGHT, begunAt + (n + 1) * DAY);
    await this.#over(({ duty }) => duty !== 'rotation');
    await this.#checks(officer, round, asked, begunAt);
  }

  /** All that is to be killed, at once; asked for again until it is answered. */
  async #begin(n: number, officer: Officer, round: Round, begunAt: number): Promise<void> {
    const at = begunAt + (n + 1) * DAY;
    await Promise.all([
      this.#orders(NIGHT, at),
      insist(() => officer.post(`/requests/${round.request}/fulfil`, { answer: null })),
      insist(() => round.copied.post<CopyAnswer>(`/visitors/${round.copied.id}/copies`, {})).then(
        (answer) => (round.copy = answer?.copy.id ?? ''),
      ),
    ]);
  }

  async #orders(due: string, at: number): Promise<void> {
    await insist(async () => {
      if ((await this.#up.order({ due, at })) === undefined) throw new Error('nobody answered');
    });
  }

  /** @param ready waits for the next moment at which it is worth while */
  async #kill(times: number, ready: (kill: number) => Promise<void>): Promise<void> {
    for (let n = 0; n < times; n++) {
      await ready(n);
      await wait(this.#random.from(BETWEEN_KILLS_MS.least, BETWEEN_KILLS_MS.most));
      await this.#up.kill();
      this.#kills += 1;
      const open = inDatabase(this.#state, 'SELECT duty FROM runs WHERE over_at IS NULL');
      for (const duty of new Set(open.map((row) => String(row['duty']))))
        this.#struck[duty] = (this.#struck[duty] ?? 0) + 1;
      await this.#up.start();
      // Whatever this comes to, the next kill does not wait for it.
      void this.#drive();
    }
  }

  /** What the clock does each quarter of an hour: whatever stands still goes on. */
  async #drive(): Promise<void> {
    this.#ahead += AHEAD;
    await this.#up.order({ due: QUARTER, at: Date.now() + this.#ahead });
  }

  async #over(which: (run: StoredRun) => boolean): Promise<void> {
    await this.#looking('long duties have come to their end', (runs) =>
      runs.filter(which).every((run) => run.over_at !== null),
    );
  }

  /** Until this is so of the long duties, which somebody drives on meanwhile. */
  async #looking(what: string, isSo: (runs: readonly StoredRun[]) => boolean): Promise<void> {
    // Whatever is driven on begins its portion again: on a busy machine it needs its time.
    let [driven, patience] = [Date.now(), DRIVEN_MS];
    let open: readonly StoredRun[] = [];
    const waiting = () =>
      `${what}; ${open.map(({ id, place }) => `${id} at ${place ?? 'its beginning'}`).join(', ')}`;
    await until(waiting, async () => {
      if (Date.now() - driven > patience) {
        [driven, patience] = [Date.now(), 2 * patience];
        await this.#drive();
      }
      const runs = (await this.#up.order({ runs: true }))?.runs ?? [];
      open = runs.filter(({ over_at }) => over_at === null);
      return runs.length > 0 && isSo(runs);
    });
  }

  // What came of it ---------------------------------------------------------------------------------------------

  async #checks(officer: Officer, round: Round, asked: readonly Talk[], begunAt: number): Promise<void> {
    const { request } = await officer.get<RequestAnswer>(`/requests/${round.request}`);
    if (request.state !== 'done') this.#found('not healed', `the erasure is ${request.state}`);
    const keys = (await text(this.#up.url, '/ledger/keys'))
      .split('\n')
      .flatMap((line) => readVerifierKey(line) ?? []);
    const receipt = await readReceipt(await text(this.#up.url, `/receipts/${round.request}`), keys);
    if (receipt?.visitor !== round.erased.id) this.#found('lost', `the receipt of ${round.request}`);
    const { address } = await round.copied.post<OpenFileAnswer>(`/copies/${round.copy}/open`, {});
    this.#findings.push(...(await checkCopy(await round.copied.load(address), asked)));

    await this.#up.kill();
    const state = this.#state;
    const talks = talksIn(state);
    const standing = {
      ...{ talks, directory: idsIn(state, 'SELECT id FROM conversations') },
      ...{ keys: namesIn(state, 'sotto-keys'), files: namesIn(state, 'sotto-files') },
      erased: idsIn(state, 'SELECT id FROM erased'),
    };
    this.#findings.push(
      ...checkGone(standing, this.#gone, [...this.#talks.keys()]),
      ...checkTraces(everythingIn(state), round.keys, [MARK]),
      ...(await this.#checkBackups(begunAt)),
      ...this.#checkCopies(round),
    );
    await this.#up.start();
    await this.#drive();
  }

  /** Each part of a copy lies there once, and of whoever was erased there is none. */
  #checkCopies({ erased }: Round): Finding[] {
    const names = namesIn(this.#state, 'sotto-copies');
    const parts = names.map((name) => name.replace(/[/][^/]*$/, ''));
    const doubled = parts.filter((part, at) => parts.indexOf(part) !== at);
    const left = names.filter((name) => name.startsWith(`${erased.id}/`));
    return [...doubled, ...left].map((name) => ({ kind: 'not healed', what: `${name} lies among copies` }));
  }

  async #checkBackups(begunAt: number): Promise<Finding[]> {
    const folder = join(this.#folder, `bucket-${this.#kills}`);
    download(this.#state, folder);
    const { ok, output } = await verify(folder);
    if (!ok) return [{ kind: 'changed', what: `a backup is not whole: ${output}` }];
    const backups = inDatabase(this.#state, 'SELECT number, state FROM backups ORDER BY number');
    const broken = backups.filter((row) => row['state'] !== 'whole');
    const lines: MessageLine[] = [];
    for (const row of backups)
      for await (const some of linesOf(folder, Number(row['number']), this.#keyring))
        lines.push(...some.filter((line) => 'message' in line).map((line) => line as MessageLine));
    const names = inDatabase(
      this.#state,
      'SELECT name FROM backup_parts UNION ALL SELECT name FROM backup_objects',
    ).map((row) => String(row['name']));
    const there = namesIn(this.#state, 'sotto-backups').filter(
      (name) => !/[/](?:manifest|parts)$/.test(name),
    );
    return [
      ...broken.map((row): Finding => ({ kind: 'not healed', what: `a backup is ${String(row['state'])}` })),
      ...checkNamed('backups', there, names),
      ...checkBackedUp(
        [...talksIn(this.#state).values()].filter(({ id }) => this.#talks.has(id)),
        lines,
        begunAt,
      ),
    ];
  }

  // Keys --------------------------------------------------------------------------------------------------------

  async #renews(officer: Officer): Promise<void> {
    const { keys } = await officer.get<KeysAnswer>('/keys');
    for (const { id, purpose, state } of keys)
      if (state === 'active' && (purpose === 'data' || purpose === 'pepper'))
        await officer.post(`/keys/${id}/renew`, {});
  }

  /** A round begins minutes after the one before: the kills wait for it. */
  async #rotated(officer: Officer): Promise<void> {
    this.#stage = 'rotation';
    // The second word of its place is when its round may begin.
    const isMoving = ({ duty, place, over_at }: StoredRun) =>
      duty === 'rotation' && over_at === null && Number(place?.split(' ')[1] ?? 0) <= Date.now();
    const isOver = ({ duty, over_at }: StoredRun) => duty !== 'rotation' || over_at !== null;
    await this.#kill(this.#measure.kills, () =>
      this.#looking('keys are wrapped anew', (runs) => runs.some(isMoving) || runs.every(isOver)),
    );
    await this.#over(() => true);
    await officer.proves();
    const { keys } = await officer.get<KeysAnswer>('/keys');
    for (const { purpose, state } of keys)
      if (state === 'retired' && (purpose === 'data' || purpose === 'pepper'))
        this.#found('not healed', `a key for ${purpose} is not thrown away`);
  }

  /** All that is there opens, the ledger is whole, and nothing lies under a key that is gone. */
  async #atTheEnd(officer: Officer): Promise<void> {
    const talks = [...this.#talks.values()];
    for (const by of new Set(talks.map((talk) => talk.by))) await by.returns();
    await inLanes(talks.length, async (n) => {
      const { id, by, said } = talks[n] as Talk;
      const { messages } = await by.get<HistoryAnswer>(`/conversations/${id}/messages?limit=100`);
      const texts = messages.filter(({ kind }) => kind === 'text').map((message) => message.text);
      this.#findings.push(...checkSaid(id, texts, said));
    });
    await officer.get('/keys');
    const head = await ledgerHead(this.#up.url);
    await this.#up.kill();
    const state = this.#state;
    const past = new Past(state, join(this.#folder, 'copies'));
    const ledger = { ...past.ledger(), head };
    this.#findings.push(
      ...checkLedger({ clients: [], conversations: [], inboxes: [], directory: [], ledger }),
      ...checkKeys(recordsIn(state), keysIn(state)),
    );
  }

  #found(kind: Finding['kind'], what: string): void {
    this.#findings.push({ kind, what });
  }
}

/** Every wrapped key and peppered value that a rotation has to reach, with the key that it lies under. */
function recordsIn(state: string): { at: string; key: number }[] {
  const columns = [
    ...['people', 'visitors', 'bans', 'requests'].map(
      (table) => `SELECT id AS name, key AS sealed FROM ${table}`,
    ),
    `SELECT owner || '/' || month AS name, key AS sealed FROM ledger_keys`,
    'SELECT id AS name, secret AS sealed FROM site_keys',
  ];
  const rows = columns.flatMap((query) => inDatabase(state, query));
  const inD1 = rows.flatMap(({ name, sealed }) =>
    sealed instanceof Uint8Array && sealed.length > 5 ? [{ at: String(name), key: namedKey(sealed) }] : [],
  );
  const own = [...talksIn(state).values()].flatMap(({ id, keys }) =>
    keys.map((record) => ({ at: id, key: namedKey(record) })),
  );
  const kept = objectsIn(state, 'sotto-keys').map(({ key, read }) => ({ at: key, key: namedKey(read()) }));
  return [...inD1, ...own, ...kept];
}

function keysIn(state: string): Set<number> {
  return new Set(inDatabase(state, 'SELECT id FROM keys').map((row) => Number(row['id'])));
}

function idsIn(state: string, query: string): Set<string> {
  return new Set(inDatabase(state, query).map((row) => String(row['id'])));
}

async function text(url: URL, path: string): Promise<string> {
  return (await fetch(new URL(path, url))).text();
}

async function until(what: () => string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`in vain was waited until ${what()}`);
    await wait(LOOK_MS);
  }
}

async function inLanes<Result>(count: number, work: (n: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < count; n = next++) results[n] = await work(n);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}
