/** The organisation's own lessons: every version of them stays, so that it can be shown what somebody has taken. */
import type { Env } from '../../config.ts';
import { trainingStore } from '../../people/training.ts';
import { type LessonId, newId } from '../../protocol/ids.ts';
import { lessonOf, LessonProblem } from '../../protocol/lessons.ts';
import { limits } from '../../protocol/limits.ts';
import { Refusal } from '../../protocol/refusals.ts';
import type { Role } from '../../protocol/roles.ts';
import { againWithin, type OwnLessonVersion } from '../../protocol/training.ts';
import { OwnLessonStore } from './store.ts';
import { tellHolders } from './telling.ts';

/** @throws {Refusal} invalid, no_room */
export async function addOwn(env: Env, text: string, now: number): Promise<LessonId> {
  requireLesson(text);
  const id = newId('lesson');
  if (!(await new OwnLessonStore(env.DB).add(id, text, now, limits.ownLessons))) throw new Refusal('no_room');
  return id;
}

/** @throws {Refusal} invalid, stale, not_found */
export async function changeOwn(
  env: Env,
  lesson: LessonId,
  { text, before, again }: { text: string; before: number; again: boolean },
  now: number,
): Promise<void> {
  requireLesson(text);
  const store = new OwnLessonStore(env.DB);
  if (!(await store.change(lesson, before, text, now, again ? now + againWithin : null)))
    throw new Refusal((await store.find(lesson)) === undefined ? 'not_found' : 'stale');
  if (again) await tellHolders(env, await rolesAsked(env, lesson));
}

/** Nobody is asked it any more; its versions, and that people have taken it, stay. @throws {Refusal} not_found, stale */
export async function takeOut(env: Env, lesson: LessonId, now: number): Promise<void> {
  const store = new OwnLessonStore(env.DB);
  const found = await store.find(lesson);
  if (found === undefined) throw new Refusal('not_found');
  const roles = await rolesAsked(env, lesson);
  if (!(await store.change(lesson, found.version, null, now))) throw new Refusal('stale');
  await tellHolders(env, roles);
}

/** The newest first. @throws {Refusal} not_found */
export async function ownVersions(env: Env, lesson: LessonId): Promise<OwnLessonVersion[]> {
  const store = new OwnLessonStore(env.DB);
  if ((await store.find(lesson)) === undefined) throw new Refusal('not_found');
  return store.versions(lesson);
}

/** Of whoever has which roles it is asked. */
export async function rolesAsked(env: Env, lesson: LessonId): Promise<Role[]> {
  const assigned = await trainingStore(env).assigned();
  return assigned.filter((each) => each.lesson === lesson).map(({ role }) => role);
}

/** @throws {Refusal} invalid, saying what is missing in it */
function requireLesson(text: string): void {
  try {
    lessonOf(text);
  } catch (error) {
    if (error instanceof LessonProblem) throw new Refusal('invalid', error.message);
    throw error;
  }
}
