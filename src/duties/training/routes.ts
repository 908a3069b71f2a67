/** Training over HTTP: everybody's own lessons, what is asked of whom, how far they are, and the organisation's own. */
import { Hono } from 'hono';
import type { Env } from '../../config.ts';
import { bodyOf, type Ctx, fitting, type Http } from '../../http.ts';
import { allow, allowSomewhere, requireStepUp, staffOf } from '../../people/guard.ts';
import { may, type Staff } from '../../people/permission.ts';
import { note } from '../../people/recording.ts';
import { heldRole, listRoles } from '../../people/roles.ts';
import { trainingStore } from '../../people/training.ts';
import { idSchema, type LessonId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { builtIn, grantsOf, type Role, roleSchema } from '../../protocol/roles.ts';
import {
  answersRequest,
  type AssignmentsAnswer,
  assignmentRequest,
  isLesson,
  type Lesson,
  type LessonAnswer,
  lessonQuery,
  type MarkedAnswer,
  type MyTraining,
  type OverviewAnswer,
  ownLessonChange,
  type OwnLessonAnswer,
  ownLessonRequest,
} from '../../protocol/training.ts';
import { assign } from './assigning.ts';
import { allLessons, findLesson, type Listed } from './catalogue.ts';
import { lineOf, lineOfOne, mark, questionsFor } from './marking.ts';
import { overviewFor } from './overview.ts';
import { addOwn, changeOwn, ownVersions, rolesAsked, takeOut } from './own.ts';

export const trainingRoutes = new Hono<Http>()
  .get('/training', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const { language } = fitting(lessonQuery, c.req.query());
    const [lessons, asked, taken] = await Promise.all([
      allLessons(c.env, language),
      trainingStore(c.env).askedOf([staff.id]),
      trainingStore(c.env).takenBy(staff.id),
    ]);
    return c.json<MyTraining>({
      lessons: lessons.map((each) => lineOf(each, asked, taken)),
      now: Date.now(),
    });
  })

  .get('/training/lessons/:lesson', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const found = await lessonIn(c);
    return c.json<LessonAnswer>({
      line: await lineOfOne(c.env, staff.id, found),
      language: found.language,
      text: found.text,
      questions: questionsFor(found),
    });
  })

  .post('/training/lessons/:lesson/answers', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const found = await lessonIn(c);
    const marked = await mark(c.env, staff, found, await bodyOf(c, answersRequest));
    const { passed, right, of } = marked;
    note(c, { object: found.lesson, facts: { version: found.version, passed, right, of } });
    return c.json<MarkedAnswer>({ ...marked, line: await lineOfOne(c.env, staff.id, found) });
  })

  .get('/training/overview', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allowSomewhere(staff, 'training.see');
    return c.json<OverviewAnswer>(await overviewFor(c.env, staff, Date.now()));
  })

  .get('/training/roles', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'training.assign');
    return c.json<AssignmentsAnswer>(await assignments(c.env, staff));
  })

  .put('/training/roles/:role', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const role = await assignable(c, staff);
    const { lessons } = await bodyOf(c, assignmentRequest);
    await requireStepUp(c.env, staff);
    note(c, { facts: { role, lessons: lessons.map(factOf) } });
    await assign(c.env, role, lessons, Date.now());
    return c.json<AssignmentsAnswer>(await assignments(c.env, staff));
  })

  .post('/training/lessons', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'training.assign');
    const { text } = await bodyOf(c, ownLessonRequest);
    const lesson = await addOwn(c.env, text, Date.now());
    note(c, { object: lesson, facts: { version: 1 } });
    return c.json<OwnLessonAnswer>({ lesson, versions: await ownVersions(c.env, lesson) }, 201);
  })

  .get('/training/lessons/:lesson/versions', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'training.assign');
    const lesson = fitting(idSchema('lesson'), c.req.param('lesson'));
    return c.json<OwnLessonAnswer>({ lesson, versions: await ownVersions(c.env, lesson) });
  })

  .put('/training/lessons/:lesson', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const lesson = await theirLesson(c, staff);
    const change = await bodyOf(c, ownLessonChange);
    await requireStepUp(c.env, staff);
    note(c, { facts: { version: change.before + 1, again: change.again } });
    await changeOwn(c.env, lesson, change, Date.now());
    return c.json<OwnLessonAnswer>({ lesson, versions: await ownVersions(c.env, lesson) });
  })

  .delete('/training/lessons/:lesson', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    const lesson = await theirLesson(c, staff);
    await requireStepUp(c.env, staff);
    await takeOut(c.env, lesson, Date.now());
    return c.json({});
  });

/** @throws {Refusal} not_found */
async function lessonIn(c: Ctx): Promise<Listed> {
  const { language } = fitting(lessonQuery, c.req.query());
  const lesson = c.req.param('lesson');
  const found = isLesson(lesson) ? await findLesson(c.env, lesson, language) : undefined;
  if (found === undefined) throw new Refusal('not_found');
  return found;
}

/** A role that somebody may ask lessons of: what is closed to it is taken from it, so that it may not stand above them. */
async function assignable(c: Ctx, staff: Staff): Promise<Role> {
  allow(staff, 'training.assign');
  const role = fitting(roleSchema, c.req.param('role'));
  const held = await heldRole(c.env, role);
  if (held === undefined) throw new Refusal('not_found');
  allow(staff, 'training.assign', { grants: grantsOf(held) });
  return role;
}

/** One of the organisation's own that somebody may write: what it says decides for whom something opens. */
async function theirLesson(c: Ctx, staff: Staff): Promise<LessonId> {
  allow(staff, 'training.assign');
  const lesson = fitting(idSchema('lesson'), c.req.param('lesson'));
  for (const role of await rolesAsked(c.env, lesson)) {
    const held = await heldRole(c.env, role);
    if (held !== undefined) allow(staff, 'training.assign', { grants: grantsOf(held) });
  }
  return lesson;
}

async function assignments(env: Env, staff: Staff): Promise<AssignmentsAnswer> {
  const [assigned, lessons, custom] = await Promise.all([
    trainingStore(env).assigned(),
    allLessons(env, 'en'),
    listRoles(env),
  ]);
  const roles = [
    ...builtIn.map((role) => ({ role, name: null, grants: null })),
    ...custom.map(({ id, ...role }) => ({ role: id, ...role })),
  ].filter((held) => may(staff, 'training.assign', { grants: grantsOf(held) }));
  return {
    roles: roles.map(({ role, name }) => ({ role, name })),
    assignments: assigned.map(({ role, lesson, gate, from }) => ({ role, lesson, gate, from })),
    lessons: lessons.map(({ lesson, title, version }) => ({ lesson, title, version })),
  };
}

/** As the ledger has it. */
function factOf({ lesson, gate }: { lesson: Lesson; gate: string | null }): string {
  return gate === null ? lesson : `${lesson} before ${gate}`;
}
