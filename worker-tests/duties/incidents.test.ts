/** Incidents: declared, worked on by whoever has a part in one, looked up in the ledger, and closed with a review. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchOf } from '../../src/duties/alarms.ts';
import { incidentsStanding, seeToClocks } from '../../src/duties/incidents.ts';
import { policyOf } from '../../src/duties/incident-plan/policy.ts';
import { rolesOf } from '../../src/duties/incident-plan/roles.ts';
import { change, incidentOf } from '../../src/duties/incidents/register.ts';
import { timelineActions } from '../../src/duties/incidents/rules.ts';
import { fullView } from '../../src/duties/incidents/showing.ts';
import { setProfile } from '../../src/people/profiles.ts';
import { eraseVisitor } from '../../src/people/visitor.ts';
import type { ContainmentAnswer } from '../../src/protocol/containment.ts';
import {
  type FullIncident,
  type IncidentAnswer,
  incidentKindNames,
  incidentRoleNames,
  type IncidentsAnswer,
  type NoticesAnswer,
  openStates,
  type PlanAnswer,
  type TimelineAnswer,
} from '../../src/protocol/incidents.ts';
import { newId, type SiteId, type TeamId } from '../../src/protocol/ids.ts';
import { limits } from '../../src/protocol/limits.ts';
import { readLeaf } from '../../src/protocol/ledger-proof.ts';
import { ledgerOf } from '../../src/ledger.ts';
import { keyStore } from '../../src/vault.ts';
import { accessFor, begin, call, type Member, newMember, newSite, newTeam, newVisitor } from '../cast.ts';
import { since, size } from '../ledger/scene.ts';
import { backedUp, drive, lost, toPutBack } from './restore-scene.ts';
import { everythingStored, placesOf } from './traces.ts';
import { enters } from '../ledger/elsewhere.ts';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const mark = 'PELLUCIDWORDS';

let team: TeamId;
let site: SiteId;
let owner: Member;
let admin: Member;
let officer: Member;
let supervisor: Member;
let agent: Member;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_000 });
  team = await newTeam();
  site = await newSite(team);
  owner = await newMember('owner', [team], 'Olivia');
  admin = await newMember('admin', [team], 'Ada');
  officer = await newMember('privacyOfficer', [], 'Pia');
  supervisor = await newMember('supervisor', [team], 'Sue');
  agent = await newMember('agent', [team], 'Anna');
});
afterEach(async () => {
  vi.useRealTimers();
  await env.DB.batch(
    [
      ...['incident_notes', 'incident_tasks', 'incident_clocks', 'incidents'],
      ...['incident_approvals', 'incident_policies', 'incident_roles', 'profiles'],
    ].map((table) => env.DB.prepare(`DELETE FROM ${table}`)),
  );
});

const ask = <T = IncidentAnswer>(by: Member, method: string, path: string, body?: object) =>
  call<T>(method, `/api/v1${path}`, { token: by.access, ...(body && { body }) });
const declares = (by: Member, more: object = {}) =>
  ask(by, 'POST', '/incidents', {
    ...{ title: `A stolen account ${mark}`, what: `Anna gave her code away. ${mark}`, kind: 'account' },
    ...{
      severity: 2,
      noticedAt: Date.now(),
      beganAt: Date.now() - hour,
      things: [],
      alarm: null,
      drill: false,
    },
    ...more,
  });
const declared = async (by: Member = owner, more: object = {}) => {
  const reply = await declares(by, more);
  expect(reply.status, reply.text).toBe(201);
  return reply.body.incident;
};
const shown = async ({ id }: { id: string }, by = owner) =>
  (await ask(by, 'GET', `/incidents/${id}`)).body.incident;
const does = (by: Member, { id }: { id: string }, what: string, body: object, method = 'POST') =>
  ask(by, method, `/incidents/${id}${what}`, body);
const moves = (incident: FullIncident, to: string, reason: string | null = null, by = owner) =>
  does(by, incident, '/move', { to, reason });
const settles = (incident: FullIncident, clock: string, body: object, by = owner) =>
  does(by, incident, `/clocks/${clock}`, body, 'PUT');
const closes = (incident: FullIncident, by = owner, more: object = {}) =>
  does(by, incident, '/close', {
    review: `We were slow to notice. ${mark}`,
    actions: [{ text: `Teach it. ${mark}`, person: admin.id, dueAt: Date.now() + 30 * day }],
    ...more,
  });
const notNeeded = { outcome: 'notNeeded', text: `Nothing was read. ${mark}` };
/** To its last state, with no clock running. */
async function followedUp(incident: FullIncident): Promise<void> {
  for (const state of openStates.slice(1)) expect((await moves(incident, state)).status).toBe(200);
  for (const { clock, settled } of (await shown(incident)).clocks)
    if (settled === null) expect((await settles(incident, clock, notNeeded)).status).toBe(200);
}
const planned = (by: Member, roles: Record<string, unknown>) => {
  const nobody = Object.fromEntries(incidentRoleNames.map((role) => [role, { first: null, deputy: null }]));
  return ask<PlanAnswer>(by, 'PUT', '/incident-plan/roles', { roles: { ...nobody, ...roles } });
};
const as = ({ id }: Member, contact = `+49 30 ${mark}`) => ({ person: id, contact });
/** Their second factor was proved too long ago. */
async function stale(member: Member): Promise<Member> {
  const session = { id: member.session, amr: ['pwd', 'otp'], provedAt: Date.now() };
  vi.setSystemTime(Date.now() + 6 * minute);
  return { ...member, access: await accessFor(member.id, session) };
}

describe('the plan', () => {
  it('N1 begins with a text that nobody has approved, keeps every version, and counts once both roles approved it', async () => {
    const plan = async () => (await ask<PlanAnswer>(officer, 'GET', '/incident-plan')).body.policy;
    expect(await plan()).toMatchObject([{ version: 0, by: null, approvals: [], isApproved: false }]);
    expect((await incidentsStanding(env, Date.now())).policy).toBe('none');
    const save = (by: Member, version: number, text: string) =>
      ask<PlanAnswer>(by, 'PUT', '/incident-plan/policy', { version, text });
    expect((await save(officer, 0, 'x')).status).toBe(403);
    expect((await save(owner, 0, `Stay calm. ${mark}`)).status).toBe(200);
    expect((await save(admin, 0, 'Mine.')).body.code).toBe('stale');
    const approve = (by: Member, version: number) =>
      ask<PlanAnswer>(by, 'POST', `/incident-plan/policy/${version}/approval`);
    expect((await approve(owner, 1)).body.code).toBe('not_allowed');
    await planned(owner, {
      lead: { first: as(admin), deputy: as(owner) },
      privacy: { first: as(officer), deputy: null },
    });
    expect((await approve(owner, 1)).body.policy).toMatchObject([
      { version: 1, approvals: [{ role: 'lead', person: owner.id }], isApproved: false },
    ]);
    expect((await approve(admin, 1)).body.code).toBe('already_done');
    expect((await incidentsStanding(env, Date.now())).policy).toBe('waiting');
    const before = await size();
    expect((await approve(officer, 1)).body.policy).toMatchObject([{ version: 1, isApproved: true }]);
    expect(await since(before)).toContainEqual(
      expect.objectContaining({ actor: officer.id, action: 'incident.approve', outcome: 'done' }),
    );
    expect((await incidentsStanding(env, Date.now())).policy).toBe('approved');
    await save(owner, 1, 'Stay calmer.');
    expect(await plan()).toMatchObject([
      { version: 2, text: 'Stay calmer.', isApproved: false },
      { version: 1, text: `Stay calm. ${mark}`, isApproved: true },
    ]);
    expect((await approve(officer, 1)).body.code).toBe('stale');
    const late = await stale(owner);
    for (const act of [save(late, 2, 'x'), approve(late, 2), planned(late, {})])
      expect((await act).body.code).toBe('step_up_needed');
  });

  it('N2 names who does what, with deputies: those alone who work here and may see incidents', async () => {
    expect((await planned(admin, { lead: { first: as(agent), deputy: null } })).body.code).toBe('not_found');
    expect((await planned(officer, {})).body.code).toBe('not_allowed');
    const { body } = await planned(admin, { lead: { first: as(owner), deputy: as(admin) } });
    expect(body.roles.lead).toEqual({ first: as(owner), deputy: as(admin) });
    expect((await incidentsStanding(env, Date.now())).unfilled).toEqual([
      'technical',
      'privacy',
      'communications',
    ]);
    await env.DB.prepare(`UPDATE people SET state = 'disabled' WHERE id = ?`).bind(owner.id).run();
    expect((await declared(admin)).people.lead).toBe(admin.id);
    // How they are reached is nobody's business any more.
    expect((await rolesOf(env)).lead).toEqual({ first: null, deputy: as(admin) });
    await env.DB.prepare(`UPDATE people SET state = 'disabled' WHERE id = ?`).bind(admin.id).run();
    expect((await incidentsStanding(env, Date.now())).unfilled).toContain('lead');
  });

  it('N3 has a runbook for every kind', async () => {
    const { runbooks } = (await ask<PlanAnswer>(officer, 'GET', '/incident-plan')).body;
    expect(Object.keys(runbooks).toSorted()).toEqual(incidentKindNames.toSorted());
  });
});

describe('declaring an incident', () => {
  it('N9 is for those with the right, with a second factor, and stands in the ledger without its words', async () => {
    for (const by of [agent, await newMember('auditor', [])])
      expect((await declares(by)).body.code).toBe('not_allowed');
    const before = await size();
    const incident = await declared(supervisor, { things: [agent.id, agent.id] });
    expect(incident).toMatchObject({
      ...{ state: 'detect', origin: 'person', drill: false, declaredBy: supervisor.id, things: [agent.id] },
      ...{ title: `A stolen account ${mark}`, notes: [{ kind: 'note', by: supervisor.id }], review: null },
    });
    expect(incident.tasks.map(({ phase }) => phase)).toEqual(expect.arrayContaining([...openStates]));
    const entered = await since(before);
    expect(entered).toContainEqual(
      expect.objectContaining({
        ...{ actor: supervisor.id, action: 'incident.declare', object: incident.id, outcome: 'done' },
        facts: { door: 'POST /incidents', kind: 'account', severity: 2, origin: 'person' },
      }),
    );
    expect(JSON.stringify(entered)).not.toContain(mark);
    expect((await declares(await stale(owner))).body.code).toBe('step_up_needed');
  });

  it('N9 refuses what can not be, and then there is none', async () => {
    for (const more of [
      { noticedAt: Date.now() + hour },
      { beganAt: Date.now() + minute },
      { severity: 5 },
      { kind: 'storm' },
      { title: ' ' },
      { things: ['Anna'] },
      { things: ['sec_TellAnnaToCallHomeNowQ'] },
      { colour: 'red' },
    ])
      expect((await declares(owner, more)).body.code, JSON.stringify(more)).toBe('invalid');
    expect((await declares(owner, { alarm: newId('alarm') })).body.code).toBe('not_found');
    const list = await ask<IncidentsAnswer>(owner, 'GET', '/incidents?state=open');
    expect(list.body).toEqual({ incidents: [], next: null });
  });

  it('N9 takes no more of one person within an hour, or of all at once, than can be worked on', async () => {
    const keys = async () => (await env.KEYS.list({ prefix: 'incident/' })).objects.length;
    const keysBefore = await keys();
    const many = [...new Array(limits.incidentsAnHour + 2).keys()];
    const replies = await Promise.all(many.map(async () => declares(supervisor)));
    const refused = replies.filter(({ status }) => status !== 201);
    expect(refused.map(({ body }) => body.code)).toEqual(['too_fast', 'too_fast']);
    const count = async (table: string) => env.DB.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first('n');
    expect(await count('incidents')).toBe(limits.incidentsAnHour);
    expect(await count('incident_notes')).toBe(limits.incidentsAnHour);
    expect(await keys()).toBe(keysBefore + limits.incidentsAnHour);
    await env.DB.prepare('UPDATE incidents SET declared_at = declared_at - ?').bind(hour).run();
    await declared(supervisor);
    const fill = `INSERT INTO incidents SELECT 'inc_' || json_each.value, kind, severity, state, origin, alarm, people, things,
      'nobody', declared_at, noticed_at, began_at, closed_by, closed_at, i.key, title, review
      FROM (SELECT * FROM incidents LIMIT 1) AS i, json_each(?)`;
    await env.DB.prepare(fill)
      .bind(JSON.stringify([...new Array(limits.openIncidents).keys()]))
      .run();
    expect((await declares(supervisor)).body.code).toBe('no_room');
  });

  it('N9 comes from an alarm that whoever declares may see', async () => {
    const stranger = await newMember('supervisor', [await newTeam('Another')]);
    await watchOf(env).raise({ rule: 'reading.unusual', about: agent.id, facts: { count: 50, most: 1 } });
    const all = await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 100);
    const alarm = all.find(({ about }) => about === agent.id)?.id;
    expect((await declares(stranger, { alarm })).body.code).toBe('not_found');
    expect(await declared(supervisor, { alarm })).toMatchObject({ origin: 'alarm', alarm });
  });

  it('N9 tells other systems what kind it is, and no more', async () => {
    await watchOf(env).addWebhook('http://127.0.0.1:9/', 5);
    await declared();
    await expect.poll(async () => (await watchOf(env).webhooks())[0]?.waiting).toBe(1);
    for (const { id } of await watchOf(env).webhooks()) await watchOf(env).removeWebhook(id);
  });

  it('N8 a drill is marked, runs no clock of the law, and tells no other system', async () => {
    await watchOf(env).addWebhook('http://127.0.0.1:9/', 5);
    await setProfile(env, 'hipaa', true, Date.now());
    const incident = await declared(owner, { drill: true });
    expect(incident).toMatchObject({ origin: 'drill', drill: true, clocks: [], nextDueAt: null });
    expect((await settles(incident, 'gdpr.authority', { outcome: 'begun' })).body.code).toBe('not_allowed');
    await followedUp(incident);
    expect((await closes(incident)).body.incident.state).toBe('closed');
    expect((await watchOf(env).webhooks())[0]?.waiting).toBe(0);
    for (const { id } of await watchOf(env).webhooks()) await watchOf(env).removeWebhook(id);
  });
});

describe('working on an incident', () => {
  it('N10 is for those who lead everywhere, and for whoever has a part in it', async () => {
    const incident = await declared(supervisor);
    const note = { kind: 'decision', text: `We lock it. ${mark}` };
    for (const by of [supervisor, officer])
      expect((await does(by, incident, '/notes', note)).body.code).toBe('not_allowed');
    expect((await ask(supervisor, 'GET', `/incidents/${incident.id}`)).body.mayLead).toBe(false);
    expect((await does(agent, incident, '/notes', note)).body.code).toBe('not_allowed');
    const gives = (people: object) => does(admin, incident, '', { people }, 'PATCH');
    expect((await gives({ technical: agent.id })).body.code).toBe('not_found');
    expect((await gives({ privacy: officer.id })).body.incident.people.privacy).toBe(officer.id);
    expect((await does(officer, incident, '/notes', note)).body.incident.notes).toContainEqual(
      expect.objectContaining({ by: officer.id, ...note }),
    );
    expect((await does(officer, incident, '', { severity: 1 }, 'PATCH')).body.incident.severity).toBe(1);
    await gives({ privacy: null });
    expect((await does(officer, incident, '/notes', note)).body.code).toBe('not_allowed');
  });

  it('N10 tasks are added, done by whom and when, and not done after all', async () => {
    const incident = await declared();
    const added = await does(owner, incident, '/tasks', { phase: 'contain', text: `Call Anna. ${mark}` });
    const task = added.body.incident.tasks.at(-1);
    expect(task).toMatchObject({ phase: 'contain', text: `Call Anna. ${mark}`, done: null });
    const tick = (done: boolean, id = task?.id ?? '') =>
      does(admin, incident, `/tasks/${id}`, { done }, 'PUT');
    const ticked = (await tick(true)).body.incident.tasks.at(-1);
    expect(ticked?.done).toMatchObject({ by: admin.id, at: expect.any(Number) as number });
    expect((await tick(true)).body.code).toBe('already_done');
    expect((await tick(false)).body.incident.tasks.at(-1)?.done).toBeNull();
    expect((await tick(true, crypto.randomUUID())).body.code).toBe('not_found');
  });

  it('N4 goes forward by one and back with a reason, which is kept, and changes nothing else', async () => {
    const incident = await declared();
    expect((await moves(incident, 'recover')).body.code).toBe('not_next');
    expect((await moves(incident, 'contain', 'Why')).body.code).toBe('not_next');
    expect((await moves(incident, 'contain')).body.incident.state).toBe('contain');
    expect((await moves(incident, 'contain')).body.code).toBe('not_next');
    expect((await moves(incident, 'detect')).body.code).toBe('not_next');
    vi.setSystemTime(Date.now() + 1_000);
    const before = await size();
    vi.setSystemTime(Date.now() + minute);
    expect((await moves(incident, 'detect', `There was another. ${mark}`)).body.incident).toMatchObject({
      state: 'detect',
      notes: [{ kind: 'note' }, { kind: 'back', text: `There was another. ${mark}` }],
    });
    expect(await since(before)).toContainEqual(
      expect.objectContaining({
        ...{ actor: owner.id, action: 'incident.lead', object: incident.id, outcome: 'done' },
        facts: { door: 'POST /incidents/:id/move', from: 'contain', state: 'detect' },
      }),
    );
    expect((await moves(incident, 'closed')).body.code).toBe('invalid');
  });

  it('N5 closes only from its last state, with a review, actions that somebody has, and no clock running', async () => {
    const incident = await declared();
    expect((await closes(incident)).body.code).toBe('not_next');
    for (const state of openStates.slice(1)) await moves(incident, state);
    expect((await closes(incident)).body.code).toBe('clock_runs');
    await followedUpClocks(incident);
    const action = { text: 'Teach it.', person: admin.id, dueAt: Date.now() + day };
    for (const [more, code] of [
      [{ review: ' ' }, 'invalid'],
      [{ actions: [] }, 'invalid'],
      [{ actions: [{ ...action, dueAt: Date.now() - 1 }] }, 'invalid'],
      [{ actions: [{ ...action, person: agent.id }] }, 'not_found'],
    ] as const)
      expect((await closes(incident, owner, more)).body.code, JSON.stringify(more)).toBe(code);
    expect((await shown(incident)).state).toBe('followUp');
    const closed = (await closes(incident)).body.incident;
    expect(closed).toMatchObject({
      state: 'closed',
      review: { text: `We were slow to notice. ${mark}`, by: owner.id },
    });
    expect(closed.tasks.at(-1)).toMatchObject({ phase: 'after', person: admin.id, done: null });
    for (const act of [
      closes(incident),
      moves(incident, 'followUp', 'Again'),
      does(owner, incident, '/notes', { kind: 'note', text: 'x' }),
      does(owner, incident, '/tasks', { phase: 'contain', text: 'x' }),
      does(owner, incident, '', { severity: 4 }, 'PATCH'),
      settles(incident, 'hipaa.people', { outcome: 'begun' }),
    ])
      expect((await act).body.code).toBe('incident_closed');
    const done = await does(
      admin,
      incident,
      `/tasks/${closed.tasks.at(-1)?.id ?? ''}`,
      { done: true },
      'PUT',
    );
    expect(done.body.incident.tasks.at(-1)?.done?.by).toBe(admin.id);
    const list = async (state: string) =>
      (await ask<IncidentsAnswer>(officer, 'GET', `/incidents?state=${state}`)).body.incidents;
    expect([(await list('open')).length, (await list('closed')).map(({ id }) => id)]).toEqual([
      0,
      [incident.id],
    ]);
  });

  it('N5 is closed by nobody whom it is about, while somebody else can', async () => {
    const incident = await declared(owner, { things: [owner.id] });
    await followedUp(incident);
    expect((await closes(incident)).body.code).toBe('not_allowed');
    expect((await closes(incident, admin)).status).toBe(200);
  });

  it('N5 whom it is about neither takes themselves out of it nor anybody’s part away, while somebody else can', async () => {
    const incident = await declared(owner, { things: [admin.id, team] });
    const sneaks = (by: Member, body: object) => does(by, incident, '', body, 'PATCH');
    const others = { people: { lead: officer.id } };
    for (const body of [{ things: [] }, { things: [admin.id, owner.id] }, { people: { lead: null } }, others])
      expect((await sneaks(admin, body)).body.code).toBe('not_allowed');
    expect((await sneaks(admin, { severity: 1 })).status).toBe(200);
    expect(await shown(incident)).toMatchObject({ things: [admin.id, team], people: {}, severity: 1 });
    expect((await sneaks(owner, { things: [admin.id], ...others })).body.incident).toMatchObject({
      things: [admin.id],
      ...others,
    });
    // Where nobody else could, they are trusted with it.
    await sneaks(owner, { things: [owner.id] });
    expect((await sneaks(owner, { things: [] })).body.code).toBe('not_allowed');
    await env.DB.prepare(`UPDATE people SET state = 'disabled' WHERE id <> ?`).bind(owner.id).run();
    expect((await sneaks(owner, { things: [] })).status).toBe(200);
  });

  it('N10 two who change it at once both have what they changed', async () => {
    const incident = await declared();
    await Promise.all([
      does(owner, incident, '', { people: { lead: owner.id } }, 'PATCH'),
      does(admin, incident, '', { people: { privacy: officer.id } }, 'PATCH'),
      does(admin, incident, '', { severity: 1 }, 'PATCH'),
      does(owner, incident, '', { beganAt: incident.beganAt - hour }, 'PATCH'),
    ]);
    expect(await shown(incident)).toMatchObject({
      ...{ severity: 1, beganAt: incident.beganAt - hour },
      people: { lead: owner.id, privacy: officer.id },
    });
    const known = await incidentOf(env, incident.id);
    await does(admin, incident, '', { things: [owner.id] }, 'PATCH');
    // What has come to be about them meanwhile is not changed by what they knew before.
    await expect(change(env, known, owner, { things: [] })).rejects.toMatchObject({ code: 'stale' });
  });
});

async function followedUpClocks(incident: FullIncident): Promise<void> {
  for (const { clock } of (await shown(incident)).clocks) await settles(incident, clock, notNeeded);
}

describe('the clocks of the law', () => {
  it('N6 run from when it became known, are settled once with a reason, and raise one alarm when they are over', async () => {
    await setProfile(env, 'hipaa', true, Date.now());
    const noticedAt = Date.now() - hour;
    const incident = await declared(owner, { noticedAt, beganAt: noticedAt });
    expect(incident.clocks).toEqual([
      { clock: 'gdpr.authority', dueAt: noticedAt + 72 * hour, settled: null },
      { clock: 'hipaa.people', dueAt: noticedAt + 60 * day, settled: null },
      { clock: 'gdpr.people', dueAt: null, settled: null },
    ]);
    expect(incident.nextDueAt).toBe(noticedAt + 72 * hour);
    const raised = async () =>
      (await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 100)).filter(
        ({ rule, facts }) => rule === 'incident.overdue' && facts['incident'] === incident.id,
      );
    const end = noticedAt + 72 * hour;
    await seeToClocks(env, end);
    expect([await raised(), (await incidentsStanding(env, end)).overdue]).toEqual([[], 0]);
    await seeToClocks(env, end + 1);
    await seeToClocks(env, end + hour);
    expect(await raised()).toMatchObject([
      { about: null, times: 1, facts: { incident: incident.id, clock: 'gdpr.authority' } },
    ]);
    expect((await incidentsStanding(env, end + 1)).overdue).toBe(1);
    expect((await settles(incident, 'gdpr.authority', { outcome: 'done' })).body.code).toBe('invalid');
    const told = { outcome: 'done', text: `Told them by their form. ${mark}` };
    const { body } = await settles(incident, 'gdpr.authority', told);
    expect(body.incident.clocks[0]).toMatchObject({ settled: { by: owner.id, ...told } });
    expect((await settles(incident, 'gdpr.authority', told)).body.code).toBe('already_done');
    expect((await incidentsStanding(env, end + 1)).overdue).toBe(0);
    expect(body.incident.nextDueAt).toBe(noticedAt + 60 * day);
  });

  it('N6 one that does not run is begun by hand, once', async () => {
    const incident = await declared();
    expect((await settles(incident, 'hipaa.people', notNeeded)).body.code).toBe('not_found');
    const { body } = await settles(incident, 'hipaa.people', { outcome: 'begun' });
    expect(body.incident.clocks.map(({ clock }) => clock)).toContain('hipaa.people');
    expect((await settles(incident, 'hipaa.people', { outcome: 'begun' })).body.code).toBe('already_done');
    expect((await settles(incident, 'ccpa.people', { outcome: 'begun' })).body.code).toBe('not_found');
  });

  it('N7 their texts are filled with what the incident knows', async () => {
    const incident = await declared();
    const { id } = incident.tasks[0] ?? { id: '' };
    await does(owner, incident, `/tasks/${id}`, { done: true }, 'PUT');
    const before = await size();
    const { notices } = (await ask<NoticesAnswer>(owner, 'GET', `/incidents/${incident.id}/notices`)).body;
    expect(await since(before)).toMatchObject([{ actor: owner.id, action: 'incident.see' }]);
    expect(notices.map(({ clock, language }) => [clock, language])).toEqual([
      ['gdpr.authority', 'en'],
      ['gdpr.authority', 'de'],
      ['gdpr.people', 'en'],
      ['gdpr.people', 'de'],
    ]);
    for (const { text } of notices) expect(text).toContain(incident.tasks[0]?.text);
    expect((await ask(officer, 'GET', `/incidents/${incident.id}/notices`)).body.code).toBe('not_allowed');
  });
});

describe('the timeline', () => {
  const timeline = async (incident: FullIncident, by = owner, before?: string) =>
    ask<TimelineAnswer>(
      by,
      'GET',
      `/incidents/${incident.id}/timeline${before === undefined ? '' : `?before=${before}`}`,
    );

  it('N11 is exactly what the ledger holds since then of it, of what it names, of alarms and of what contains one', async () => {
    const visitor = await newVisitor(site);
    const conversation = await begin(visitor);
    await call('GET', `/api/v1/conversations/${conversation}/messages`, { token: agent.access });
    await call('DELETE', `/api/v1/people/${supervisor.id}/sessions`, { token: owner.access, body: {} });
    const frozen = await ask<ContainmentAnswer>(owner, 'POST', '/containment', {
      ...{ kind: 'exports', reason: 'account' },
    });
    await ask(owner, 'DELETE', `/containment/${frozen.body.containment.id}`);
    await call('POST', '/api/v1/teams', { token: admin.access, body: { name: 'Unrelated' } });
    const beganAt = Date.now() - hour;
    const incident = await declared(owner, { beganAt, things: [agent.id, conversation] });
    await moves(incident, 'contain');
    await ledgerOf(env).checkpoint();
    const { results } = await env.DB.prepare('SELECT seq, leaf FROM ledger').all<{
      seq: number;
      leaf: string;
    }>();
    const about = new Set<unknown>([incident.id, agent.id, conversation]);
    const wanted = results.flatMap(({ seq, leaf }) => {
      const entry = readLeaf(leaf);
      if (entry === undefined || entry.at < beganAt) return [];
      const { actor, object, subject, action } = entry;
      const isTheirs = [actor, object, subject].some((id) => about.has(id));
      return isTheirs || (timelineActions as readonly string[]).includes(action) ? [seq] : [];
    });
    const first = (await timeline(incident)).body;
    // What was asked of it just now may be entered meanwhile.
    const found = first.entries.map(({ seq }) => seq).filter((seq) => seq <= Math.max(...wanted));
    expect(found.toSorted((a, b) => a - b)).toEqual(wanted);
    for (const contains of ['people.endSessions', 'incident.contain'])
      expect(first.entries.some(({ action }) => action === contains)).toBe(true);
    expect(first.entries.some(({ action }) => action === 'teams.create')).toBe(false);
    expect(first.entries.every(({ personal }) => personal === null)).toBe(true);
    const times = first.entries.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('N11 comes page by page, each entry once', async () => {
    const incident = await declared(owner, { things: [owner.id] });
    await ledgerOf(env).append(
      Array.from({ length: 130 }, (_, n) => ({
        ...{ id: crypto.randomUUID(), at: Date.now() - n, actor: owner.id, action: 'file.open' },
        ...{ object: newId('file'), subject: owner.id, outcome: 'done' as const },
      })),
    );
    await ledgerOf(env).checkpoint();
    const first = (await timeline(incident)).body;
    expect(first.entries).toHaveLength(100);
    const rest = (await timeline(incident, owner, first.next ?? '')).body;
    const seqs = [...first.entries, ...rest.entries].map(({ seq }) => seq);
    expect([new Set(seqs).size, seqs.length > 130]).toEqual([seqs.length, true]);
  });

  it('N11 opens no ledger to whoever may not read it', async () => {
    const incident = await declared(supervisor, { things: [owner.id] });
    expect((await timeline(incident, supervisor)).body.code).toBe('not_allowed');
    expect((await timeline(incident, officer)).status).toBe(200);
  });

  it('N12 goes on when somebody whom it names was erased, and nothing of them can be read in it', async () => {
    const visitor = await newVisitor(site);
    const conversation = await begin(visitor, `Hello ${mark}CUSTOMER`);
    const incident = await declared(owner, { things: [visitor.id, conversation] });
    await eraseVisitor(env, visitor.id);
    await ledgerOf(env).forget(visitor.id);
    const seen = await shown(incident);
    expect(seen.things).toEqual([visitor.id, conversation]);
    expect((await timeline(incident)).text).not.toContain(`${mark}CUSTOMER`);
  });
});

it('N12 no word of an incident, its plan or how people are reached lies readable anywhere', async () => {
  await planned(owner, { lead: { first: as(owner), deputy: null } });
  await ask(owner, 'PUT', '/incident-plan/policy', { version: 0, text: mark });
  const incident = await declared();
  await does(owner, incident, '/notes', { kind: 'note', text: mark });
  await does(owner, incident, '/tasks', { phase: 'detect', text: mark });
  await moves(incident, 'contain');
  await moves(incident, 'detect', mark);
  await followedUp(incident);
  await closes(incident);
  expect(placesOf(mark, await everythingStored())).toEqual([]);
});

it('N12 comes back from a backup with the store of keys, and not at all where its key is gone', async () => {
  await planned(owner, { lead: { first: as(owner), deputy: null } });
  await ask(owner, 'PUT', '/incident-plan/policy', { version: 0, text: mark });
  const [incident, other] = [await declared(), await declared()];
  await does(owner, incident, '/notes', { kind: 'note', text: mark });
  const before = await shown(incident);
  await backedUp();
  await keyStore(env.KEYS).delete('incident', other.id);
  await lost();
  await drive(await toPutBack());
  expect(await fullView(env, await incidentOf(env, incident.id))).toEqual(before);
  await expect(incidentOf(env, other.id)).rejects.toMatchObject({ code: 'not_found' });
  expect((await policyOf(env))[0]?.text).toBe(mark);
  expect((await rolesOf(env)).lead.first).toEqual(as(owner));
});

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('duties/incidents.test.ts'));
