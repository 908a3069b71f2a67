/** Lessons: asked of whoever has a role, answered, and what they stand before. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sottosLesson } from '../../src/duties/training/lessons.ts';
import { OwnLessonStore, ReminderStore } from '../../src/duties/training/store.ts';
import { remindPortion, seeToTraining, trainingOverdue } from '../../src/duties/training.ts';
import { createRole } from '../../src/people/roles.ts';
import { trainingStore } from '../../src/people/training.ts';
import type { Role } from '../../src/protocol/roles.ts';
import { closeCodes } from '../../src/protocol/refusals.ts';
import type { Myself } from '../../src/protocol/sign-in.ts';
import {
  againWithin,
  type AssignmentsAnswer,
  type Gate,
  holdsFor,
  type Lesson,
  type LessonAnswer,
  type LessonName,
  lessonNames,
  type MarkedAnswer,
  type MyTraining,
  type OverviewAnswer,
  type OwnLessonAnswer,
  remindedEvery,
} from '../../src/protocol/training.ts';
import { accessFor, begin, join, type Member, newMember, newTeam, newVisitor } from '../cast.ts';
import { act, talking } from '../chat/scene.ts';
import {
  asked,
  begins,
  cookieOf,
  filesOf,
  here,
  later,
  load,
  open,
  owner,
  released,
  text,
} from '../chat/files-scene.ts';
import { own, since, size } from '../ledger/scene.ts';
import { enters } from '../ledger/elsewhere.ts';

const day = 86_400_000;
const ownText = (title = 'Our till', right = 'a') =>
  `# ${title}\n\nHow we do it.\n\n## Questions\n\n### Which?\n\n- [${right === 'a' ? 'x' : ' '}] a\n- [${right === 'b' ? 'x' : ' '}] b\n\n> So it is.\n`;

beforeEach(async () => {
  const tables = ['training_asked', 'training_taken', 'training_reminded', 'own_lessons'];
  await env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
  await begins();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What the night does of it, portion by portion. */
async function night(now: number, at = env): Promise<void> {
  let place: string | null = null;
  do ({ place } = await remindPortion(at, `reminders-${now}`, place));
  while (place !== null);
}

const ask = <T = Record<string, unknown>>(by: Member, method: string, path: string, body?: unknown) =>
  asked<T>(method, `/api/v1/training${path}`, { token: by.access, body });
type Wished = { lesson: Lesson; gate?: Gate; from?: number };
const assign = (role: Role, lessons: Wished[], by = owner) =>
  ask<AssignmentsAnswer>(by, 'PUT', `/roles/${role}`, {
    lessons: lessons.map(({ lesson, gate = null, from = null }) => ({ lesson, gate, from })),
  });
/** The right answers, as only the server knows them. */
const rightOf = (name: LessonName) =>
  sottosLesson(name, 'en').questions.map(({ options }) =>
    options.flatMap(({ right }, index) => (right ? [index] : [])),
  );
const answer = (by: Member, lesson: Lesson, answers: number[][], version = 1) =>
  ask<MarkedAnswer>(by, 'POST', `/lessons/${lesson}/answers`, { version, answers });
const take = async (by: Member, lesson: LessonName) => {
  const reply = await answer(by, lesson, rightOf(lesson));
  expect(reply.body.passed, reply.text).toBe(true);
};
const mine = async (by: Member) => (await ask<MyTraining>(by, 'GET', '')).body.lessons;
const lineOf = async (by: Member, lesson: Lesson) => (await mine(by)).find((each) => each.lesson === lesson);
const me = async (by: Member) =>
  (await asked<{ person: Myself }>('GET', '/api/v1/session', { token: by.access })).body.person;
const reads = async (by: Member, id: string) =>
  (await asked('GET', `/api/v1/conversations/${id}/messages`, { token: by.access })).status;
/** An answer of the guard serves for a second. */
const settles = (check: () => Promise<unknown>, value: unknown) =>
  vi.waitFor(async () => expect(await check()).toEqual(value), { timeout: 3_000, interval: 100 });

describe('E3 lessons', () => {
  it('E3 are all there for everybody on staff, and of nobody asked until an owner says so', async () => {
    const lessons = await mine(here.anna);
    expect(lessons.map(({ lesson }) => lesson)).toEqual([...lessonNames]);
    for (const each of lessons) expect(each).toMatchObject({ due: null, gate: null, taken: null });
    expect((await me(here.anna)).closed).toBeUndefined();
    expect(await trainingOverdue(env, Date.now())).toEqual({ assigned: 0, overdue: 0 });
  });

  it('E4 come with their questions, and without what is right in them', async () => {
    const reply = await ask<LessonAnswer>(here.anna, 'GET', '/lessons/files');
    const { text, questions } = reply.body;
    expect(text).toContain('## Scenario');
    expect(text).not.toContain('## Questions');
    expect(questions.map((each) => Object.keys(each))).toEqual(
      questions.map(() => ['question', 'options', 'many']),
    );
    for (const { why } of sottosLesson('files', 'en').questions) expect(reply.text).not.toContain(why);
  });

  it('E4 are taken by whoever answers four of five right, who hears why of each, and may try again', async () => {
    const right = rightOf('phishing');
    const before = await size();
    const failed = await answer(
      here.anna,
      'phishing',
      right.map((each, n) => (n < 2 ? [] : each)),
    );
    expect(failed.body).toMatchObject({ passed: false, right: 3, of: 5 });
    expect(failed.body.marked.map((each) => each.right)).toEqual([false, false, true, true, true]);
    expect(failed.body.marked.every(({ why }) => why.length > 20)).toBe(true);
    expect((await lineOf(here.anna, 'phishing'))?.taken).toBeNull();
    const passed = await answer(
      here.anna,
      'phishing',
      right.map((each, n) => (n < 1 ? [] : each)),
    );
    expect(passed.body).toMatchObject({ passed: true, right: 4, of: 5, line: { taken: { version: 1 } } });
    const entries = (await since(before)).filter(({ action }) => action === 'training.answer');
    expect(entries).toMatchObject([
      {
        ...own(here.anna),
        object: 'phishing',
        outcome: 'done',
        facts: { version: 1, passed: false, right: 3, of: 5 },
      },
      {
        ...own(here.anna),
        object: 'phishing',
        outcome: 'done',
        facts: { version: 1, passed: true, right: 4, of: 5 },
      },
    ]);
  });

  it('E4 are not taken by answers that do not fit, nor for somebody else', async () => {
    const right = rightOf('files');
    const refusals: [string, unknown, string][] = [
      ['files', { version: 1, answers: right.slice(1) }, 'invalid'],
      ['files', { version: 1, answers: [...right, [0]] }, 'invalid'],
      ['files', { version: 1, answers: [[7], ...right.slice(1)] }, 'invalid'],
      ['files', { version: 1, answers: [[-1], ...right.slice(1)] }, 'invalid'],
      ['files', { version: 1, answers: 'all' }, 'invalid'],
      ['files', { version: 1, answers: right, person: here.ben.id }, 'invalid'],
      ['files', { answers: right }, 'invalid'],
      ['files', { version: 2, answers: right }, 'stale'],
      ['no-lesson', { version: 1, answers: right }, 'not_found'],
      ['les_AAAAAAAAAAAAAAAAAAAAAA', { version: 1, answers: [[0]] }, 'not_found'],
    ];
    for (const [lesson, body, code] of refusals)
      expect([
        lesson,
        body,
        (await ask(here.anna, 'POST', `/lessons/${lesson}/answers`, body)).body.code,
      ]).toEqual([lesson, body, code]);
    await take(here.anna, 'files');
    expect((await lineOf(here.ben, 'files'))?.taken).toBeNull();
    expect((await env.DB.prepare('SELECT COUNT(*) AS n FROM training_taken').first<{ n: number }>())?.n).toBe(
      1,
    );
  });
});

describe('E5 once lessons are asked for', () => {
  it('E5 conversations close to whoever has not taken one, at each door and on open sockets, and open again with it', async () => {
    const talk = await talking(here);
    const inbox = await join(here.team, here.anna.access);
    expect(await reads(here.anna, talk.id)).toBe(200);
    expect((await assign('agent', [{ lesson: 'sensitive-data', gate: 'conversations' }])).status).toBe(200);
    expect((await inbox.closed).code).toBe(closeCodes.signedOut);
    expect((await talk.desk.closed).code).toBe(closeCodes.signedOut);
    await settles(() => reads(here.anna, talk.id), 404);
    expect((await me(here.anna)).closed).toEqual(['conversations']);
    expect((await (await join(here.team, here.anna.access)).closed).code).toBe(closeCodes.notFound);
    const said = await act('tags', talk.id, here.anna.access, { tags: ['one'] });
    expect(said.status).toBe(404);
    // What she had waits for somebody who may have it, and a customer's door stays as it was.
    expect((await act('claim', talk.id, here.sue.access)).status).toBe(200);
    talk.customer.post('Are you there?');
    await take(here.anna, 'sensitive-data');
    await settles(() => reads(here.anna, talk.id), 200);
    expect((await me(here.anna)).closed).toBeUndefined();
    expect((await (await join(here.team, here.anna.access)).next('list')).type).toBe('list');
    await settles(() => reads(here.ben, talk.id), 404);
  });

  it('E5 sensitive files close alone, by a link that was given before as well', async () => {
    const plain = await released(text('an order'));
    const secret = await released(text('a passport'), { sensitive: true });
    expect((await filesOf(here.anna.access)).length).toBe(2);
    const before = await open(here.anna.access, secret, { reason: 'To look.' });
    expect((await load(before.body.address, { cookie: cookieOf(before) })).status).toBe(200);
    await assign('agent', [{ lesson: 'files', gate: 'sensitiveFiles' }]);
    await settles(
      async () => (await open(here.anna.access, secret, { reason: 'To look.' })).body.code,
      'not_allowed',
    );
    const refused = await open(here.anna.access, secret, { reason: 'To look.' });
    expect(refused.body.detail).toContain('A lesson stands before it');
    expect((await open(here.anna.access, plain)).status).toBe(200);
    const { address } = before.body;
    expect((await load(address, { cookie: cookieOf(before) })).status).toBe(403);
    await take(here.anna, 'files');
    await settles(async () => (await open(here.anna.access, secret, { reason: 'To look.' })).status, 200);
  });

  it('E5 somebody new, or in another role, has what is asked of that role before them at once', async () => {
    await assign('agent', [{ lesson: 'phishing', gate: 'conversations' }]);
    const talk = await talking({ ...here, anna: here.sue });
    expect(await reads(here.sue, talk.id)).toBe(200);
    const changed = await asked('PATCH', `/api/v1/people/${here.sue.id}`, {
      token: owner.access,
      body: { role: 'agent' },
    });
    expect(changed.status).toBe(200);
    await settles(() => reads(here.sue, talk.id), 404);
    await asked('PATCH', `/api/v1/people/${here.sue.id}`, {
      token: owner.access,
      body: { role: 'supervisor' },
    });
    await settles(() => reads(here.sue, talk.id), 200);
  });

  it('E5 owners keep every setting, and the way to take it back', async () => {
    await assign('owner', [{ lesson: 'incidents', gate: 'conversations' }]);
    const id = await begin(await newVisitor(here.site));
    await settles(() => reads(owner, id), 404);
    expect((await asked('GET', '/api/v1/organisation', { token: owner.access })).status).toBe(200);
    expect((await assign('owner', [])).status).toBe(200);
    await settles(() => reads(owner, id), 200);
  });

  it('E5 nothing closes without a gate, nor before the time from which a lesson is asked for', async () => {
    const talk = await talking(here);
    const from = Date.now() + 60_000;
    await assign('agent', [{ lesson: 'passwords' }, { lesson: 'phishing', gate: 'conversations', from }]);
    expect(await reads(here.anna, talk.id)).toBe(200);
    expect(await lineOf(here.anna, 'phishing')).toMatchObject({ due: from, gate: 'conversations' });
    // Then the seat ends, and nobody sits on.
    const { until } = await (await join(here.team, here.anna.access)).next('list');
    expect(until).toBe(from);
  });
});

describe('E6 a lesson is taken again', () => {
  it('E6 after a year: what it stands before closes by the clock, without anybody doing anything', async () => {
    await assign('agent', [{ lesson: 'files', gate: 'conversations' }]);
    const id = await begin(await newVisitor(here.site));
    await take(here.anna, 'files');
    await settles(() => reads(here.anna, id), 200);
    const taken = (await lineOf(here.anna, 'files'))?.taken?.at ?? 0;
    // As if she had taken it a year less four seconds ago.
    await env.DB.prepare('UPDATE training_taken SET at = ?')
      .bind(taken - holdsFor + 4_000)
      .run();
    await assign('agent', [{ lesson: 'files', gate: 'conversations' }]);
    expect(await reads(here.anna, id)).toBe(200);
    const inbox = await join(here.team, here.anna.access);
    const { until } = await inbox.next('list');
    expect(until).toBeLessThanOrEqual(taken + 4_000);
    await settles(() => reads(here.anna, id), 200);
    await vi.waitFor(async () => expect(await reads(here.anna, id)).toBe(404), {
      timeout: 8_000,
      interval: 250,
    });
    expect((await me(here.anna)).closed).toEqual(['conversations']);
  });

  it('E6 where its meaning has changed, within thirty days, and at once by whoever never took it', async () => {
    await assign('agent', [{ lesson: 'files', gate: 'conversations' }]);
    await take(here.anna, 'files');
    const now = Date.now();
    expect(await trainingStore(env).askAgain('files', 2, now + againWithin)).toBe(true);
    expect((await lineOf(here.anna, 'files'))?.due).toBe(now + againWithin);
    expect((await lineOf(here.ben, 'files'))?.due).toBeLessThanOrEqual(now);
    expect(await trainingStore(env).askAgain('files', 2, now)).toBe(false);
    // What came with the deployment is not asked for again by the night.
    await night(now);
    expect((await lineOf(here.anna, 'files'))?.due).toBe(now + againWithin);
  });
});

it('E6 a lesson of Sotto’s that means something else since stands in the ledger once, and closes what it stands before', async () => {
  await assign('agent', [{ lesson: 'files', gate: 'conversations' }]);
  await env.DB.prepare('UPDATE training_asked SET counts = 0').run();
  const before = await size();
  await night(Date.now());
  await night(Date.now());
  expect((await since(before)).filter(({ action }) => action === 'training.renew')).toMatchObject([
    { facts: { lessons: ['files'] } },
  ]);
  expect((await trainingStore(env).assigned()).map(({ counts }) => counts)).toEqual([1]);
});

describe('E7 who asks lessons of whom', () => {
  it('E7 is entered with which, and takes a second factor of just now and no more than one has', async () => {
    const before = await size();
    await assign('agent', [{ lesson: 'files', gate: 'sensitiveFiles' }, { lesson: 'incidents' }]);
    expect((await since(before)).filter(({ action }) => action === 'training.assign')).toMatchObject([
      { ...own(owner), facts: { role: 'agent', lessons: ['files before sensitiveFiles', 'incidents'] } },
    ]);
    const admin = await newMember('admin', []);
    expect((await assign('owner', [], admin)).body.code).toBe('not_allowed');
    expect((await assign('agent', [], here.sue)).body.code).toBe('not_allowed');
    for (const lessons of [
      [{ lesson: 'no-lesson', gate: null, from: null }],
      [{ lesson: 'files', gate: 'settings', from: null }],
      [{ lesson: 'files', gate: null, from: -1 }],
      [
        { lesson: 'files', gate: null, from: null },
        { lesson: 'files', gate: null, from: null },
      ],
      [{ lesson: 'les_AAAAAAAAAAAAAAAAAAAAAA', gate: null, from: null }],
    ])
      expect((await ask(owner, 'PUT', '/roles/agent', { lessons })).body.code).toBe('invalid');
    expect((await ask<AssignmentsAnswer>(owner, 'GET', '/roles')).body.assignments.length).toBe(2);
    later(400_000);
    const old = await accessFor(owner.id, { id: owner.session, amr: ['pwd', 'otp'], provedAt: 0 });
    expect((await assign('agent', [], { ...owner, access: old })).body.code).toBe('step_up_needed');
  });

  it('E7 what was asked before keeps since when', async () => {
    await assign('agent', [{ lesson: 'files' }]);
    const due = (await lineOf(here.anna, 'files'))?.due;
    await assign('agent', [{ lesson: 'files', gate: 'sensitiveFiles' }, { lesson: 'phishing' }]);
    expect((await lineOf(here.anna, 'files'))?.due).toBe(due);
  });
});

describe('E8 reminders', () => {
  const mailed = async () =>
    (await new ReminderStore(env.DB).list()).map(({ person, lesson, at }) => [person, lesson, at]);

  it('E8 go once before a lesson is due and weekly once it is, to nobody who is disabled', async () => {
    const start = Date.now();
    const agent = await newMember('agent', [await newTeam()]);
    await assign('agent', [{ lesson: 'files', from: start + 10 * day }]);
    const gone = await newMember('agent', []);
    await env.DB.prepare(`UPDATE people SET state = 'disabled' WHERE id <> ?`).bind(agent.id).run();
    await night(start);
    await night(start + day);
    expect(await mailed()).toEqual([[agent.id, 'files', start]]);
    await night(start + 10 * day);
    expect(await mailed()).toEqual([[agent.id, 'files', start + 10 * day]]);
    await night(start + 10 * day + remindedEvery - 1);
    expect(await mailed()).toEqual([[agent.id, 'files', start + 10 * day]]);
    await night(start + 10 * day + remindedEvery);
    expect(await mailed()).toEqual([[agent.id, 'files', start + 10 * day + remindedEvery]]);
    expect((await mailed()).flat()).not.toContain(gone.id);
  });

  it('E8 are a duty of their own, and cost the night a query or two however many are reminded', async () => {
    await assign('agent', [{ lesson: 'files' }]);
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
       INSERT INTO people (id, role, state, key, name, address, lookup, created_at)
       SELECT 'per_' || i, 'agent', 'active', key, name, address, CAST(i AS BLOB), created_at
       FROM people, n WHERE id = ?`,
    )
      .bind(here.anna.id)
      .run();
    let asked = 0;
    const prepare = (query: string) => {
      asked += 1;
      return env.DB.prepare(query);
    };
    const DB = { prepare, batch: (all: D1PreparedStatement[]) => env.DB.batch(all) } as unknown as D1Database;
    const runs = { create: () => Promise.resolve() } as unknown as typeof env.RUNS;
    await seeToTraining({ ...env, DB, RUNS: runs }, Date.now());
    expect(asked).toBeLessThanOrEqual(2);
    const run = `reminders-${Date.now()}`;
    const first = await remindPortion({ ...env, DB }, run, null);
    expect(first).toMatchObject({ done: 50 });
    expect(asked).toBeLessThan(500);
    expect(first.place).not.toBeNull();
    await env.DB.prepare(`DELETE FROM people WHERE id GLOB 'per_[0-9]' OR length(id) < 10`).run();
  });

  it('E8 that fail are tried again the next night', async () => {
    const start = Date.now();
    const agent = await newMember('agent', []);
    await env.DB.prepare(`UPDATE people SET state = 'disabled' WHERE id <> ?`).bind(agent.id).run();
    await trainingStore(env).assign(
      'agent',
      [{ lesson: 'files', gate: null, from: start, counts: 1 }],
      start,
    );
    const failing = { ...env, MAIL: { send: () => Promise.reject(new Error('no mail')) } };
    await night(start, failing);
    expect(await mailed()).toEqual([]);
    await night(start + day);
    expect(await mailed()).toEqual([[agent.id, 'files', start + day]]);
  });
});

describe('E9 the organisation’s own lessons', () => {
  const add = (text: string, by = owner) => ask<OwnLessonAnswer>(by, 'POST', '/lessons', { text });

  it('E9 stand beside Sotto’s, keep every version, and ask for themselves again where they are told to', async () => {
    const made = await add(ownText());
    expect(made.status, made.text).toBe(201);
    const { lesson } = made.body;
    await assign('agent', [{ lesson, gate: 'conversations' }]);
    expect((await answer(here.anna, lesson, [[0]])).body.passed).toBe(true);
    const change = (text: string, before: number, again: boolean) =>
      ask<OwnLessonAnswer>(owner, 'PUT', `/lessons/${lesson}`, { text, before, again });
    expect((await change(ownText('Our tills'), 1, false)).status).toBe(200);
    expect((await lineOf(here.anna, lesson))?.due).toBeGreaterThan(Date.now() + holdsFor - day);
    expect((await change(ownText('Again', 'b'), 1, true)).body.code).toBe('stale');
    expect(
      (await change(ownText('Again', 'b'), 2, true)).body.versions.map(({ version }) => version),
    ).toEqual([3, 2, 1]);
    const due = (await lineOf(here.anna, lesson))?.due ?? 0;
    expect(Math.abs(due - Date.now() - againWithin)).toBeLessThan(60_000);
    expect((await answer(here.anna, lesson, [[0]], 2)).body.code).toBe('stale');
    expect((await answer(here.anna, lesson, [[1]], 3)).body.passed).toBe(true);
    expect((await lineOf(here.anna, lesson))?.due).toBeGreaterThan(due);
    expect((await ask(owner, 'DELETE', `/lessons/${lesson}`)).status).toBe(200);
    expect(await lineOf(here.anna, lesson)).toBeUndefined();
    expect((await me(here.ben)).closed).toBeUndefined();
    expect((await ask(owner, 'DELETE', `/lessons/${lesson}`)).body.code).toBe('not_found');
  });

  it('E9 are rewritten and taken out by those alone who may assign to every role that is asked them', async () => {
    const { lesson } = (await add(ownText())).body;
    const clerks = await createRole(env, `Teachers ${crypto.randomUUID()}`, { 'training.assign': 'all' });
    const clerk = await newMember(clerks.id, []);
    const rewrites = (by: Member, before: number) =>
      ask(by, 'PUT', `/lessons/${lesson}`, { text: ownText('Ours', 'b'), before, again: false });
    expect((await rewrites(clerk, 1)).status).toBe(200);
    await assign(clerks.id, [{ lesson, gate: 'conversations' }]);
    expect((await rewrites(clerk, 2)).status).toBe(200);
    await assign('owner', [{ lesson, gate: 'conversations' }]);
    expect((await rewrites(clerk, 3)).body.code).toBe('not_allowed');
    expect((await ask(clerk, 'DELETE', `/lessons/${lesson}`)).body.code).toBe('not_allowed');
    expect((await lineOf(owner, lesson))?.gate).toBe('conversations');
    expect((await rewrites(owner, 3)).status).toBe(200);
  });

  it('E9 one that was changed meanwhile is not taken out, and who is asked it again is, whoever assigns meanwhile', async () => {
    const { lesson } = (await add(ownText())).body;
    await assign('agent', [{ lesson, gate: 'conversations' }]);
    const store = new OwnLessonStore(env.DB);
    const asked = async () => (await trainingStore(env).assigned()).filter((each) => each.lesson === lesson);
    const before = await asked();
    expect(await store.change(lesson, 2, null, Date.now())).toBe(false);
    expect(await store.change(lesson, 2, ownText(), Date.now(), 5)).toBe(false);
    expect(await asked()).toEqual(before);
    expect(await store.change(lesson, 1, ownText(), Date.now(), 5)).toBe(true);
    expect(await asked()).toMatchObject([{ counts: 2, renewBy: 5 }]);
    const known = { lesson, gate: null, from: null, counts: 1 };
    await trainingStore(env).assign('agent', [known], Date.now());
    expect(await asked()).toMatchObject([{ gate: null, from: before[0]?.from, counts: 2, renewBy: 5 }]);
    expect(await store.change(lesson, 2, null, Date.now())).toBe(true);
    await trainingStore(env).assign('agent', [known], Date.now());
    expect(await asked()).toEqual([]);
  });

  it('E9 that are not whole, or not theirs to write, are refused, and say what is missing', async () => {
    const refused = await add('# No questions\n\nText.');
    expect(refused.body).toMatchObject({
      code: 'invalid',
      detail: expect.stringContaining('questions') as unknown,
    });
    expect((await add(ownText(), here.sue)).body.code).toBe('not_allowed');
    expect(
      (await ask(owner, 'PUT', '/lessons/files', { text: ownText(), before: 1, again: false })).body.code,
    ).toBe('invalid');
    expect((await add('x'.repeat(30_001))).body.code).toBe('invalid');
  });
});

describe('E10 the overview', () => {
  it('E10 shows who is done and overdue: to supervisors in their teams, to agents nobody', async () => {
    const stranger = await newMember('agent', [await newTeam('Others')], 'Oscar');
    await assign('agent', [{ lesson: 'files' }, { lesson: 'phishing' }]);
    await take(here.anna, 'files');
    const of = async (by: Member) => (await ask<OverviewAnswer>(by, 'GET', '/overview')).body;
    const people = (await of(here.sue)).people;
    expect(people.map(({ name }) => name).toSorted()).toEqual(['Anna', 'Ben', 'Olivia', 'Sue']);
    const anna = people.find(({ person }) => person === here.anna.id);
    expect(anna?.lessons.map(({ lesson, taken }) => [lesson, taken !== null])).toEqual([
      ['files', true],
      ['phishing', false],
    ]);
    expect((await of(owner)).people.some(({ person }) => person === stranger.id)).toBe(true);
    expect((await ask(here.anna, 'GET', '/overview')).body.code).toBe('not_allowed');
    const { assigned, overdue } = await trainingOverdue(env, Date.now());
    expect(overdue).toBe(assigned);
    expect(assigned).toBeGreaterThanOrEqual(3);
  });
});

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('duties/training.test.ts'));
