/** Every lesson that there is: Sotto's own, and behind them those that the organisation wrote. */
import type { Env } from '../../config.ts';
import type { LessonId } from '../../protocol/ids.ts';
import { lessonOf } from '../../protocol/lessons.ts';
import { isSottosOwn, type Lesson, type LessonLanguage, lessonNames } from '../../protocol/training.ts';
import { type LessonHere, sottosLesson } from './lessons.ts';
import { OwnLessonStore, type OwnRow } from './store.ts';

export type Listed = LessonHere & { lesson: Lesson };

export async function allLessons(env: Env, language: LessonLanguage): Promise<Listed[]> {
  const own = await new OwnLessonStore(env.DB).list();
  return [
    ...lessonNames.map((name) => ({ lesson: name, ...sottosLesson(name, language) })),
    ...own.map((row) => ({ lesson: row.id, ...ownLesson(row) })),
  ];
}

export async function findLesson(
  env: Env,
  lesson: Lesson,
  language: LessonLanguage,
): Promise<Listed | undefined> {
  if (isSottosOwn(lesson)) return { lesson, ...sottosLesson(lesson, language) };
  const row = await new OwnLessonStore(env.DB).find(lesson satisfies LessonId);
  return row && { lesson, ...ownLesson(row) };
}

/** Whatever was kept is a lesson: it was looked at before. */
function ownLesson({ text, version }: OwnRow): LessonHere {
  return { ...lessonOf(text), version, language: null };
}
