import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchOf } from '../../src/duties/alarms.ts';
import { figures } from '../../src/duties/alarms/rules.ts';
import { idOf, ledgerOf, type Told } from '../../src/ledger.ts';
import { accountOf } from '../../src/people/account.ts';
import type { Alarm, AlarmRule, AlarmsAnswer } from '../../src/protocol/alarms.ts';
import { readLeaf } from '../../src/protocol/ledger-proof.ts';
import { limits } from '../../src/protocol/limits.ts';
import { type ConversationId, newId, type SiteId, type TeamId } from '../../src/protocol/ids.ts';
import { accessFor, begin, call, type Member, newMember, newSite, newTeam, newVisitor } from '../cast.ts';
import { aMinuteLater } from '../ledger/scene.ts';
import { Authenticator } from '../people/authenticator.ts';
import { add, signIn } from '../people/ceremonies.ts';

let team: TeamId;
let site: SiteId;
let owner: Member;
let supervisor: Member;
let stranger: Member;
let agent: Member;

const alarms = (by: Member, state: 'open' | 'answered' = 'open') =>
  call<AlarmsAnswer>('GET', `/api/v1/alarms?state=${state}`, { token: by.access });
const answer = (by: Member, { id }: { id: string }, reason = 'It was the monthly review.') =>
  call<{ alarm: Alarm }>('POST', `/api/v1/alarms/${id}/answer`, { token: by.access, body: { reason } });
/** What is told the ledger is in the database, and was looked at. */
async function looked() {
  await ledgerOf(env).checkpoint();
  await watchOf(env).poke();
  await runDurableObjectAlarm(watchOf(env));
}
const about = async ({ id }: Member) =>
  (await alarms(owner)).body.alarms.filter((alarm) => alarm.about === id).map(({ rule }) => rule);
/** So many conversations that somebody reads, or files that they open, one after another. */
async function reads(
  member: Member,
  many: number,
  at = Date.now(),
  action: 'conversation.read' | 'file.open' = 'conversation.read',
) {
  const all = Array.from({ length: many }, (_, n): Told => {
    const object = newId(action === 'file.open' ? 'file' : 'conversation');
    return {
      ...{ id: idOf('read', object), at: at - n, actor: member.id, session: member.session },
      ...{ action, object, outcome: 'done' },
    };
  });
  await ledgerOf(env).append(all);
}

beforeAll(async () => {
  team = await newTeam();
  site = await newSite(team);
});
beforeEach(async () => {
  // What an isolate knew of anybody a second ago it asks again.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_000 });
  owner = await newMember('owner', [team]);
  supervisor = await newMember('supervisor', [team]);
  stranger = await newMember('supervisor', [await newTeam('Another')]);
  agent = await newMember('agent', [team]);
  await looked();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('M2 an alarm', () => {
  it('M2 is raised when a budget is used up, once however often it is tried, and seen by those who may', async () => {
    await call('PATCH', '/api/v1/organisation', { token: owner.access, body: { budgets: { agent: 1 } } });
    vi.setSystemTime(Date.now() + 2_000);
    const [one, two] = [await begin(await newVisitor(site)), await begin(await newVisitor(site))];
    for (const id of [one, two, two])
      await call('GET', `/api/v1/conversations/${id}/messages`, { token: agent.access });
    await aMinuteLater();
    await looked();
    expect(await about(agent)).toEqual(['reading.budget']);
    expect((await alarms(supervisor)).body.alarms).toMatchObject([
      { rule: 'reading.budget', about: agent.id, facts: { budget: 'conversations' }, answer: null },
    ]);
    expect((await alarms(stranger)).body.alarms).toEqual([]);
    expect((await alarms(agent)).status).toBe(403);
    await call('PATCH', '/api/v1/organisation', { token: owner.access, body: { budgets: { agent: 60 } } });
  });

  it('M2 is raised for reading far more than ever before, and not for a busy day like others', async () => {
    const { least, times } = figures.reading;
    await reads(agent, least - 1);
    await looked();
    expect(await about(agent)).toEqual([]);
    await reads(agent, 1);
    await looked();
    expect(await about(agent)).toEqual(['reading.unusual']);
    const busy = await newMember('agent', [team]);
    await reads(busy, least - 1, Date.now() - 3 * 86_400_000);
    await looked();
    await reads(busy, times * (least - 1));
    await looked();
    expect(await about(busy)).toEqual([]);
    await reads(busy, 1);
    await looked();
    expect(await about(busy)).toEqual(['reading.unusual']);
  });

  it('M2 F48 is raised for opening far more files than ever before, apart from conversations', async () => {
    const { least } = figures.files;
    await reads(agent, least - 1, Date.now(), 'file.open');
    await reads(agent, figures.reading.least - 1);
    await looked();
    expect(await about(agent)).toEqual([]);
    await reads(agent, 1, Date.now(), 'file.open');
    await looked();
    expect(await about(agent)).toEqual(['reading.files']);
  });

  it('M2 is raised for what was done hours before anybody could look, and not for hours together', async () => {
    await reads(agent, figures.reading.least, Date.now() - 5 * 3_600_000);
    const other = await newMember('agent', [team]);
    for (const hours of [2, 4, 6])
      await reads(other, figures.reading.least / 2, Date.now() - hours * 3_600_000);
    await looked();
    expect(await about(agent)).toEqual(['reading.unusual']);
    expect(await about(other)).toEqual([]);
  });

  it('M2 is raised for many refusals, but not for a second factor that is asked for', async () => {
    for (let n = 0; n < figures.refusals.least; n++)
      await call('POST', '/api/v1/teams', { token: agent.access, body: { name: `Team ${n}` } });
    await aMinuteLater();
    await looked();
    expect(await about(agent)).toEqual(['refusals.many']);
    const session = { id: owner.session, amr: ['pwd', 'otp'], provedAt: Date.now() };
    vi.setSystemTime(Date.now() + 6 * 60_000);
    owner.access = await accessFor(owner.id, session);
    const asked = { token: owner.access, body: { format: 'csv' } };
    for (let n = 0; n < figures.refusals.least; n++)
      expect((await call('POST', '/api/v1/ledger/export', asked)).body['code']).toBe('step_up_needed');
    await aMinuteLater();
    await looked();
    expect(await about(owner)).toEqual([]);
  });

  it('M2 is raised for failures to sign in to one account, and for many all over', async () => {
    vi.useRealTimers();
    for (let n = 0; n < figures.failures.least; n++)
      await call('POST', '/api/v1/sign-in', {
        body: { address: agent.address, password: 'no password of theirs' },
      });
    await scheduler.wait(1_200);
    await aMinuteLater();
    await looked();
    expect(await about(agent)).toEqual(['signIn.failures']);
    const failed = (n: number): Told => ({
      ...{
        id: crypto.randomUUID(),
        at: Date.now(),
        actor: null,
        action: 'signIn.password',
        outcome: 'refused',
      },
      facts: { door: 'POST /sign-in', code: 'wrong_credentials', count: n },
    });
    await ledgerOf(env).append([failed(figures.spray.least)]);
    await looked();
    const rules = (await alarms(owner)).body.alarms.map(({ rule }) => rule);
    expect(rules).toContain('signIn.spray');
    expect((await alarms(supervisor)).body.alarms.map(({ rule }) => rule)).not.toContain('signIn.spray');
  });

  it('M2 is raised where somebody signs in from another country than lately, once for it', async () => {
    const passkey = await Authenticator.make();
    expect((await add(agent, passkey)).status).toBe(200);
    /** Of its rule, how often it was found. */
    const signedInFrom = async (country: string) => {
      const reply = await signIn(passkey, {}, { 'cf-ipcountry': country });
      expect(reply.status).toBe(200);
      await looked();
      const theirs = (await alarms(owner)).body.alarms.filter(({ about }) => about === agent.id);
      return theirs.map(({ rule, facts, times }) => ({ rule, facts, times }));
    };
    // Where they have been, and where nobody can say.
    for (const country of ['DE', 'XX', 'DE']) expect(await signedInFrom(country)).toEqual([]);
    const alarm = { rule: 'signIn.country', facts: { action: 'signIn.factor' } };
    expect(await signedInFrom('BR')).toEqual([{ ...alarm, times: 1 }]);
    for (const country of ['BR', 'DE']) expect(await signedInFrom(country)).toEqual([{ ...alarm, times: 1 }]);
    expect(await signedInFrom('JP')).toEqual([{ ...alarm, times: 2 }]);
    const query = `SELECT leaf FROM ledger WHERE actor = ? AND action = 'signIn.factor' ORDER BY seq`;
    const { results } = await env.DB.prepare(query).bind(agent.id).all<{ leaf: string }>();
    const facts = results.map(({ leaf }) => readLeaf(leaf)?.facts?.['abroad']);
    expect(facts).toEqual([undefined, undefined, undefined, true, undefined, undefined, true]);
    // From where is nobody's to read.
    expect(JSON.stringify(results)).not.toMatch(/"(?:BR|JP)"/);
  });

  it('M2 is raised for data that is taken along again and again', async () => {
    for (let n = 0; n < figures.exports.least; n++) {
      expect(await about(owner)).toEqual([]);
      const reply = await call('POST', '/api/v1/ledger/export', {
        token: owner.access,
        body: { format: 'csv', filter: { actor: agent.id } },
      });
      expect(reply.status).toBe(200);
      await looked();
    }
    expect(await about(owner)).toEqual(['export.mass']);
  });

  it('M2 D38 is raised where somebody has copies made of the data of several customers', async () => {
    const officer = await newMember('privacyOfficer', []);
    const copies = (...visitors: string[]) =>
      ledgerOf(env).append(
        visitors.map((object): Told => {
          const what = { action: 'customer.copy', object, outcome: 'done' } as const;
          return { id: crypto.randomUUID(), at: Date.now(), actor: officer.id, ...what };
        }),
      );
    const [one, other] = [newId('visitor'), newId('visitor')];
    await copies(one, one, one, other);
    await looked();
    expect(await about(officer)).toEqual([]);
    await copies(newId('visitor'));
    await looked();
    expect(await about(officer)).toEqual(['export.mass']);
  });

  it('M2 N33 is raised where files of what somebody has seen are taken along, like those of the ledger', async () => {
    const span = { person: agent.id, from: 0, to: Date.now() };
    const takes = async (path: string, body: object) => {
      expect((await call('POST', `/api/v1${path}`, { token: owner.access, body })).status).toBe(200);
      await looked();
      return about(owner);
    };
    expect(await takes('/radius/export', { ...span, format: 'csv' })).toEqual([]);
    expect(await takes('/ledger/export', { format: 'csv', filter: { actor: agent.id } })).toEqual([]);
    // To look takes nothing along.
    expect(await takes('/radius', span)).toEqual([]);
    expect(await takes('/radius/export', { ...span, format: 'ndjson' })).toEqual(['export.mass']);
  });

  it('M2 D70 is raised where somebody on staff mails many conversations, and not for one again and again', async () => {
    const { least } = figures.transcripts;
    const mails = (...all: ConversationId[]) =>
      ledgerOf(env).append(
        all.map((object): Told => {
          const what = { action: 'transcript.send', object, outcome: 'done' } as const;
          return { id: crypto.randomUUID(), at: Date.now(), actor: agent.id, ...what };
        }),
      );
    const many = Array.from({ length: least - 1 }, () => newId('conversation'));
    await mails(...many, ...many);
    await looked();
    expect(await about(agent)).toEqual([]);
    await mails(newId('conversation'));
    await looked();
    expect(await about(agent)).toEqual(['export.mass']);
  });

  it('M2 is on one of the pages, however many are raised at once', async () => {
    const ids = Array.from({ length: limits.listAlarms + 5 }, () => newId('person'));
    for (const about of ids)
      await watchOf(env).raise({ rule: 'signIn.failures', about, facts: { count: 10 } });
    const seen = new Set<string | null>();
    for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null;) {
      const path: string = `/api/v1/alarms?state=open&before=${String(before).slice(0, 15)}`;
      const { body }: { body: AlarmsAnswer } = await call<AlarmsAnswer>('GET', path, { token: owner.access });
      for (const { about } of body.alarms) seen.add(about);
      before = body.next;
    }
    expect(ids.filter((id) => !seen.has(id))).toEqual([]);
    // Whoever may see none of these learns nothing of how many there are, nor when they were raised.
    expect((await alarms(supervisor)).body.next).toBe(null);
  });

  it('M2 stands in the ledger, about whom it is', async () => {
    await reads(agent, figures.reading.least);
    await looked();
    const [alarm] = (await alarms(supervisor)).body.alarms.filter(({ about: whom }) => whom === agent.id);
    await ledgerOf(env).checkpoint();
    const row = await env.DB.prepare(`SELECT leaf FROM ledger WHERE action = 'alarm.raise' AND object = ?`)
      .bind(alarm?.id)
      .first<{ leaf: string }>();
    expect(JSON.parse(row?.leaf ?? '')).toMatchObject({
      actor: null,
      subject: agent.id,
      facts: { rule: 'reading.unusual' },
    });
  });
});

describe('M2 whoever can’t be told', () => {
  /** How many alarms an owner is yet to be mailed of. */
  const waiting = ({ id }: Member) =>
    runInDurableObject(
      watchOf(env),
      (_, { storage }) =>
        storage.sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM mails WHERE person = ?', id).one().n,
    );

  it('M2 keeps nobody else from being told, nor the alarm from standing in the ledger once', async () => {
    const { address } = (await env.DB.prepare('SELECT address FROM people WHERE id = ?')
      .bind(owner.id)
      .first<{ address: number[] }>()) ?? { address: [] };
    const setAddress = (to: readonly number[]) =>
      env.DB.prepare('UPDATE people SET address = ? WHERE id = ?').bind(Uint8Array.from(to), owner.id).run();
    await setAddress([0]);
    const other = await newMember('owner', []);
    const about = newId('person');
    await watchOf(env).addWebhook('http://127.0.0.1:9/', 5);
    await watchOf(env).raise({ rule: 'refusals.many', about, facts: { count: 20 } });
    await looked();
    expect([await waiting(owner), await waiting(other)]).toEqual([1, 0]);
    expect(await watchOf(env).webhooks()).toMatchObject([{ lastStatus: 0, waiting: 1 }]);
    vi.setSystemTime(Date.now() + 61_000);
    await looked();
    await ledgerOf(env).checkpoint();
    const entered = `SELECT COUNT(*) AS n FROM ledger WHERE action = 'alarm.raise' AND subject = ?`;
    expect(await env.DB.prepare(entered).bind(about).first()).toEqual({ n: 1 });
    await setAddress(address);
    vi.setSystemTime(Date.now() + 6 * 60_000);
    await looked();
    expect(await waiting(owner)).toBe(0);
    for (const { id } of await watchOf(env).webhooks()) await watchOf(env).removeWebhook(id);
  });

  it('M2 is mailed once of many alarms that come at once', async () => {
    const raise = (rule: AlarmRule) =>
      watchOf(env).raise({ rule, about: newId('person'), facts: { count: 20 } });
    await raise('refusals.many');
    await looked();
    expect(await waiting(owner)).toBe(0);
    for (let n = 0; n < 5; n++) await raise('signIn.failures');
    await looked();
    expect(await waiting(owner)).toBe(5);
    vi.setSystemTime(Date.now() + 5 * 60_000);
    await looked();
    expect(await waiting(owner)).toBe(0);
  });
});

describe('M3 whoever may answers for an alarm, with a reason', () => {
  const raised = async (whom: Member) => {
    await reads(whom, figures.reading.least);
    await looked();
    const alarm = (await alarms(owner)).body.alarms.find(({ about: id }) => id === whom.id);
    if (alarm === undefined) throw new Error('no alarm');
    return alarm;
  };

  it('M3 once, for all to see, and never without saying why', async () => {
    const alarm = await raised(agent);
    expect((await answer(supervisor, alarm, '  ')).status).toBe(400);
    expect((await answer(supervisor, alarm)).body.alarm.answer).toMatchObject({
      by: supervisor.id,
      reason: 'It was the monthly review.',
    });
    expect((await answer(owner, alarm)).body['code']).toBe('already_done');
    expect(await about(agent)).toEqual([]);
    const answered = (await alarms(owner, 'answered')).body.alarms;
    expect(answered.find(({ id }) => id === alarm.id)?.answer?.reason).toBe('It was the monthly review.');
  });

  it('M3 not whoever it is about, unless nobody else could; nor another team’s; nor whoever only sees it', async () => {
    const alarm = await raised(supervisor);
    expect((await answer(supervisor, alarm)).status).toBe(403);
    expect((await answer(stranger, alarm)).status).toBe(404);
    expect((await answer(await newMember('auditor', []), alarm)).status).toBe(403);
    expect((await answer(agent, alarm)).status).toBe(403);
    expect((await answer(owner, { id: newId('alarm') })).status).toBe(404);
    const ofOwner = await raised(owner);
    expect((await answer(owner, ofOwner)).status).toBe(403);
    await env.DB.prepare(
      `UPDATE people SET state = 'disabled' WHERE id <> ? AND role IN ('owner', 'admin', 'supervisor')`,
    )
      .bind(owner.id)
      .run();
    expect((await answer(owner, ofOwner)).status).toBe(200);
    await env.DB.prepare(`UPDATE people SET state = 'active'`).run();
  });

  it('M3 and for an hour after the same is part of the answer', async () => {
    const alarm = await raised(agent);
    await answer(supervisor, alarm);
    await reads(agent, 5);
    await looked();
    expect(await about(agent)).toEqual([]);
    vi.setSystemTime(Date.now() + 3_600_001);
    const again = await newMember('agent', [team]);
    await accountOf(env, owner.id).use(owner.session, 0);
    await reads(agent, figures.reading.least * 3);
    await looked();
    owner = await newMember('owner', [team]);
    expect(await about(agent)).toEqual(['reading.unusual']);
    expect(await about(again)).toEqual([]);
  });

  it('K8 what was said of why lies sealed', async () => {
    const alarm = await raised(agent);
    await answer(supervisor, alarm, 'Because of PELLUCIDREASON');
    await runInDurableObject(watchOf(env), (_, { storage }) => {
      const rows = storage.sql.exec('SELECT * FROM alarms').toArray();
      expect(
        JSON.stringify(rows, (_key, value: unknown) =>
          value instanceof ArrayBuffer ? new TextDecoder('latin1').decode(value) : value,
        ),
      ).not.toContain('PELLUCIDREASON');
      expect(rows.length).toBeGreaterThan(0);
    });
  });
});
