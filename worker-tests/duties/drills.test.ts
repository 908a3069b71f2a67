/** Drills from start to report: each is seen, contained at open sockets, measured, and leaves nothing but what it has shown. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { watchOf } from '../../src/duties/alarms.ts';
import { playPortion, remindOfDrills } from '../../src/duties/drills.ts';
import { newStage } from '../../src/duties/drills/stage.ts';
import { type DrillRow, DrillStore } from '../../src/duties/played.ts';
import { ledgerOf } from '../../src/ledger.ts';
import { accountOf } from '../../src/people/account.ts';
import { heldNow } from '../../src/people/containment.ts';
import type { RadiusAnswer } from '../../src/protocol/containment.ts';
import {
  drillPatience,
  drillScenarioNames,
  drillScenarios,
  type DrillAnswer,
  type DrillScenario,
  type DrillsAnswer,
} from '../../src/protocol/drills.ts';
import { type ConversationId, newId, type SessionId } from '../../src/protocol/ids.ts';
import type { IncidentAnswer } from '../../src/protocol/incidents.ts';
import { type ScanAnswer, signAnswer, verifyQuestion } from '../../src/protocol/scanner.ts';
import { keyStore } from '../../src/vault.ts';
import { accessFor, call, type Ear, join, type Member, newMember } from '../cast.ts';
import { send, text } from '../chat/files-scene.ts';
import { hears, recorded, scene, type Scene, talking, type Talk } from '../chat/scene.ts';
import { since, size } from '../ledger/scene.ts';
import { fails, passes } from './checks/scene.ts';
import { backedUp } from './restore-scene.ts';

const store = new DrillStore(env.DB);
const secret = 'the-secret-of-the-scanner-of-the-tests-1';
// Before anything has asked for the settings: objects have the same.
Object.assign(env, { SCANNER_URL: 'https://scanner.test', SCANNER_SECRET: secret });

let here: Scene;
let owner: Member;
let real: Talk;
beforeAll(async () => {
  vi.stubGlobal('fetch', scanned);
  here = await scene();
  owner = await newMember('owner', [here.team], 'Olivia');
  real = await talking(here);
  real.customer.post('A real question', 1);
  await hears(real.desk, 'A real question');
});
afterAll(() => {
  vi.unstubAllGlobals();
});

/** What finds the test file, as a scanner does. */
const hooked: string[] = [];
async function scanned(
  address: string,
  { headers, body }: RequestInit & { headers: Record<string, string> },
) {
  if (!address.startsWith('https://scanner.test/')) {
    hooked.push(await new Response(body).text());
    return new Response('');
  }
  const token = headers['authorization']?.slice('Bearer '.length) ?? '';
  const question = await verifyQuestion(secret, token, Date.now());
  const bytes = new Uint8Array(await new Response(body).arrayBuffer());
  const sha256 = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const answer = {
    question: question?.jti ?? '',
    sha256: sha256.toBase64({ alphabet: 'base64url', omitPadding: true }),
    ...{ engine: 'Engine 1', signatures: null, verdict: 'infected', name: 'Eicar' },
  } as ScanAnswer;
  return new Response(await signAnswer(secret, answer), { headers: { 'content-type': 'application/jwt' } });
}

let asked = 0;
const ask = <T = Record<string, unknown>>(
  who: Pick<Member, 'access'>,
  method: string,
  path: string,
  body?: object,
) =>
  call<T>(method, `/api/v1${path}`, {
    token: who.access,
    body,
    headers: { 'cf-connecting-ip': `198.51.100.${asked++ % 250}` },
  });

/** Enters a drill, and leaves it to the test to do its portions. */
async function begun(scenario: DrillScenario, ago = 0): Promise<DrillRow> {
  const nothing = {
    playedAt: null,
    alarm: null,
    declared: null,
    contained: null,
    recoveredAt: null,
    radius: null,
  };
  const id = newId('drill');
  const about = { id, scenario, begunBy: owner.id, begunAt: Date.now() - ago, session: null, overAt: null };
  expect(await store.begin({ ...about, ...newStage(), report: { ...nothing, gaps: [] } })).toBe(true);
  return found(id);
}
async function found(id: string): Promise<DrillRow> {
  const drill = await store.find(id);
  if (drill === undefined) throw new Error('there is no such drill');
  return drill;
}
/** Does one portion after another, up to a place. */
async function driven(
  id: string,
  until: (place: string) => boolean = () => false,
  from: string | null = null,
) {
  let place = from;
  do ({ place } = await playPortion(env, id, place));
  while (place !== null && !until(place));
  return place;
}

/** Waits for the alarm, as somebody does who is told of it; what is folded for a minute is entered now. */
async function alarmOf(id: string) {
  await expect
    .poll(
      async () => {
        await runInDurableObject(ledgerOf(env), async (object, { storage }) => {
          storage.sql.exec('UPDATE folded SET begun_at = 0');
          await object.alarm();
        });
        await runDurableObjectAlarm(watchOf(env));
        return (await found(id)).report.alarm;
      },
      { timeout: 14_000, interval: 500 },
    )
    .not.toBeNull();
  const { alarm } = (await found(id)).report;
  if (alarm === null) throw new Error('no alarm');
  return alarm;
}

/** A socket of whoever is played, of the test's own. */
async function socketOf({ person, session }: DrillRow, conversation: string): Promise<Ear> {
  const proved = { id: session as SessionId, amr: ['pwd', 'otp'], provedAt: Date.now() };
  return join(conversation, await accessFor(person, proved));
}

/** All that lies in the database, but what is the drill's own or only grows. */
async function everything(but: readonly string[]): Promise<Record<string, string>> {
  const query = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'`;
  const { results } = await env.DB.prepare(query).all<{ name: string }>();
  const kept: Record<string, string> = {};
  for (const { name } of results.filter((table) => !but.includes(table.name)))
    kept[name] = JSON.stringify((await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results);
  for (const bucket of ['KEYS', 'FILES'] as const)
    kept[bucket] = JSON.stringify(
      (await env[bucket].list()).objects
        .filter(({ key }) => !/^(?:incident|ledger)\//.test(key))
        .map(({ key, etag }) => [key, etag]),
    );
  kept['room'] = await runInDurableObject(conversationOf(env, real.id), (_, { storage }) => {
    const tables = storage.sql.exec<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`);
    const names = tables.toArray().map(({ name }) => name);
    const rows = names
      .filter((name) => !name.startsWith('_cf'))
      .map((name) => [name, storage.sql.exec(`SELECT * FROM "${name}"`).toArray()]);
    return JSON.stringify(rows, (__, value: unknown) =>
      value instanceof ArrayBuffer ? new Uint8Array(value).toHex() : value,
    );
  });
  return kept;
}
/** The ledger, the drill's own rows, the register of what is erased, and what incidents and restores leave. */
const growing = [
  ...[
    'ledger',
    'ledger_keys',
    'drills',
    'drill_things',
    'erased',
    'runs',
    'restores',
    'restore_counts',
    'keys',
  ],
  ...['incidents', 'incident_notes', 'incident_tasks', 'sqlite_sequence', 'd1_migrations', 'uploads'],
];

describe('N40 a drill from start to report', () => {
  it.each(drillScenarioNames)(
    'N40 N41 N42 of %s ends contained within a second, with exactly what was read, and leaves nothing',
    { timeout: 60_000 },
    async (scenario) => {
      if (scenario === 'backup') await backedUp();
      await recorded(real.id);
      const before = await everything(growing);
      const entries = await size();
      const begins = await begun(scenario);
      const { id, person } = begins;
      const place = await driven(id, (at) => at === 'watch');
      expect(place).toBe('watch');
      const read = await store.things(id, 'con', 'seen');
      const made = [
        ...(await store.things(id, 'con')),
        ...(await store.things(id, 'vis')),
        ...(await store.things(id, 'fil')),
      ];
      if (scenario === 'file') {
        const [room] = read;
        await runDurableObjectAlarm(conversationOf(env, room as ConversationId));
      }
      const going = driven(id, undefined, 'watch');
      const alarm = await alarmOf(id);
      expect(alarm.rule).toBe(noticing[scenario]);
      const asks = {
        ...{
          title: 'It is played',
          what: 'Somebody reads.',
          kind: drillScenarios[scenario],
          severity: 2,
          things: [person],
        },
        ...{ noticedAt: Date.now(), beganAt: begins.begunAt, alarm: alarm.id, drill: false },
      };
      const declared = await ask<IncidentAnswer>(owner, 'POST', '/incidents', asks);
      expect(declared.body.incident, declared.text).toMatchObject({ drill: true, clocks: [] });
      const socket = await socketOf(await found(id), read[0] ?? '');
      const act =
        scenario === 'account'
          ? await ask(owner, 'POST', '/containment', { kind: 'person', target: person, reason: 'drill' })
          : await ask(owner, 'DELETE', `/people/${person}/sessions`);
      expect(act.status, act.text).toBeLessThan(300);
      const closed = await Promise.race([socket.closed, scheduler.wait(1_000).then(() => 'open')]);
      expect(closed).toMatchObject({ code: 4401 });
      const radius = ask<RadiusAnswer>(owner, 'POST', '/radius', {
        person,
        from: begins.begunAt,
        to: Date.now(),
      });
      await recorded(real.id);
      const { things } = (await radius).body;
      await going;
      const { report, overAt, session } = await found(id);
      expect(things.map(({ object }) => object).toSorted()).toEqual(read.toSorted());
      expect(report.radius).toEqual({ read: read.length, found: read.length, isExact: true });
      expect(report).toMatchObject({
        gaps: [],
        contained: { by: 'people' },
        declared: { incident: declared.body.incident.id },
      });
      expect(report.contained?.socketMs).toBeLessThan(1_000);
      expect(report.recoveredAt).toBeGreaterThanOrEqual(report.contained?.at ?? Infinity);
      expect(overAt).not.toBeNull();
      // Nothing is left of the stage, and nothing else is another.
      await heldNow(env, 'now');
      expect(await everything(growing)).toEqual(before);
      expect(await keyStore(env.KEYS).get('person', person)).toBeUndefined();
      expect(await accountOf(env, person).sessionState(session as SessionId)).toBeUndefined();
      for (const room of await store.things(id, 'con'))
        expect(await conversationOf(env, room as ConversationId).isThere()).toBe(false);
      const kept = JSON.stringify(
        await everything(['ledger', 'ledger_keys', 'drills', 'erased', 'incidents', 'runs']),
      );
      for (const each of made) expect(kept).not.toContain(each);
      // Whoever is played has done nothing to anything but what the drill has made.
      const theirs = (await since(entries)).filter(({ actor }) => actor === person);
      expect(theirs.length).toBeGreaterThan(0);
      const known = new Set([...made, person, begins.team, begins.site]);
      for (const { object, subject } of theirs)
        for (const each of [object, subject]) if (typeof each === 'string') expect(known).toContain(each);
    },
  );

  it('N46 each was played and ended contained, or the check of it fails', async () => {
    await passes('incident-drills');
    expect((await fails('incident-drills', { at: Date.now() + 101 * 86_400_000 })).found).toEqual({
      due: [...drillScenarioNames],
    });
  });
});

/** What has to notice each of them. */
const noticing = {
  account: 'reading.unusual',
  key: 'refusals.many',
  file: 'file.malware',
  backup: 'backup.drill',
} as const;

describe('N43 a drill that nobody contains', () => {
  it('N43 contains by itself after half an hour, and says so', async () => {
    const { id } = await begun('key', drillPatience + 1);
    await driven(id);
    const { report, overAt } = await found(id);
    expect(report).toMatchObject({ contained: { by: 'drill' }, radius: { isExact: true } });
    expect(report.gaps).toContain('notContained');
    expect(report.gaps).toContain('notDeclared');
    expect(overAt).not.toBeNull();
  });

  it.each(['stage', 'play', 'watch', 'recover', 'clear'])(
    'N44 that is killed before or within %s ends right, and clears its stage',
    { timeout: 30_000 },
    async (where) => {
      const before = await everything(growing);
      const { id, person } = await begun('key', drillPatience + 1);
      await driven(id, (at) => at === where);
      // Done once more than it was kept, and then by whoever drives it next.
      await playPortion(env, id, where);
      await driven(id, undefined, where);
      expect((await found(id)).overAt).not.toBeNull();
      expect(await everything(growing)).toEqual(before);
      expect(await accountOf(env, person).sessionState(newId('session'))).toBeUndefined();
    },
  );

  it('N44 that never gets on is cleared all the same', async () => {
    const before = await everything(growing);
    const { id } = await begun('account');
    await driven(id, (at) => at === 'play');
    await env.DB.prepare('UPDATE drills SET begun_at = 0 WHERE id = ?').bind(id).run();
    await driven(id, undefined, 'play');
    expect((await found(id)).report.gaps).toEqual(['noAlarm', 'notDeclared', 'notRecovered']);
    expect(await everything(growing)).toEqual(before);
  });
});

describe('N45 a drill', () => {
  it('N45 is begun by whoever leads incidents everywhere, with a second factor, one at a time', async () => {
    const officer = await newMember('privacyOfficer', []);
    const wish = { scenario: 'key' };
    expect((await ask(officer, 'POST', '/drills', wish)).body.code).toBe('not_allowed');
    expect((await ask(here.anna, 'GET', '/drills')).body.code).toBe('not_allowed');
    expect((await ask(owner, 'POST', '/drills', { scenario: 'none' })).body.code).toBe('invalid');
    const other = await begun('key', drillPatience + 1);
    expect((await ask(owner, 'POST', '/drills', wish)).body.code).toBe('already_done');
    await driven(other.id);
    const from = await size();
    const played = await ask<DrillAnswer>(owner, 'POST', '/drills', wish);
    expect(played.status, played.text).toBe(201);
    const { id } = played.body.drill;
    // The Workflow drives it.
    await env.DB.prepare('UPDATE drills SET begun_at = begun_at - ? WHERE id = ?')
      .bind(drillPatience + 1, id)
      .run();
    await expect
      .poll(async () => (await found(id)).overAt, { timeout: 18_000, interval: 300 })
      .not.toBeNull();
    const { drills } = (await ask<DrillsAnswer>(officer, 'GET', '/drills')).body;
    expect(drills.find((drill) => drill.id === id)).toMatchObject({ scenario: 'key', begunBy: owner.id });
    expect((await since(from)).filter(({ object }) => object === id)).toMatchObject([
      { action: 'incident.lead', actor: owner.id, facts: { scenario: 'key' } },
      { action: 'incident.drill', actor: null, facts: { contained: 'drill' } },
    ]);
  }, 40_000);

  it('N47 is marked wherever it is told, and counts in no figures', async () => {
    const { id, person } = await begun('key', drillPatience + 1);
    await driven(id, (at) => at === 'watch');
    await watchOf(env).addWebhook('https://hooks.example.com/', 5);
    await watchOf(env).raise({ rule: 'refusals.many', about: person, facts: { count: 20, drill: id } });
    await runDurableObjectAlarm(watchOf(env));
    await expect.poll(() => hooked.some((body) => body.includes('DRILL, nothing has happened: '))).toBe(true);
    const token = 'the-metrics-token-of-the-tests-and-of-nobody-else';
    const metrics = await call('GET', '/metrics', { headers: { authorization: `Bearer ${token}` } });
    expect(metrics.text).toContain('sotto_conversations{state="waiting"} 0\n');
    expect(metrics.text).toContain('sotto_conversations{state="claimed"} 1\n');
    await driven(id, undefined, 'watch');
  }, 30_000);

  it('N46 is asked for once a quarter, of whoever may play one', async () => {
    const sent: unknown[] = [];
    const mailing = {
      ...env,
      MAIL: { send: (mail: unknown) => Promise.resolve(void sent.push(mail)) },
    } as never;
    await remindOfDrills(mailing, Date.UTC(2030, 1, 1));
    expect(sent).toEqual([]);
    await remindOfDrills(mailing, Date.UTC(2030, 3, 1));
    expect(sent.length).toBeGreaterThan(0);
    expect(JSON.stringify(sent[0])).toContain('4 drills were not played');
  });

  it('N48 is told apart from malware that a real customer sends, which stands in the ledger', async () => {
    const from = await size();
    const file = await send(real.visitor.access, text('not what it seems'), {}, real.id);
    const about = () => watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 50);
    await expect
      .poll(async () => {
        await runDurableObjectAlarm(conversationOf(env, real.id));
        await runDurableObjectAlarm(watchOf(env));
        return (await about()).filter(({ rule }) => rule === 'file.malware');
      })
      .toMatchObject([{ about: null, facts: { file, conversation: real.id } }]);
    const entered = (await since(from)).find(({ action }) => action === 'file.block');
    expect(entered).toMatchObject({ actor: null, object: file, subject: real.visitor.id });
  });
});
