/** A lesson as somebody has it before them, and the marks for their answers. Which are right never leaves the server. */
import type { Env } from '../../config.ts';
import type { Staff } from '../../people/permission.ts';
import { type AskedRow, trainingStore } from '../../people/training.ts';
import type { PersonId } from '../../protocol/ids.ts';
import { isRight, minutesOf } from '../../protocol/lessons.ts';
import { Refusal } from '../../protocol/refusals.ts';
import {
  type AskedQuestion,
  dueOf,
  type LessonLine,
  type MarkedAnswer,
  passes,
  type Taken,
} from '../../protocol/training.ts';
import type { Listed } from './catalogue.ts';
import { tellPeople } from './telling.ts';

type Answers = { version: number; answers: number[][] };

export function lineOf(
  found: Listed,
  asked: readonly AskedRow[],
  taken: ReadonlyMap<string, Taken>,
): LessonLine {
  const { lesson, title, version } = found;
  const mine = asked.find((each) => each.lesson === lesson);
  return {
    ...{ lesson, title, version, minutes: minutesOf(found) },
    due: mine === undefined ? null : dueOf(mine, mine.taken),
    gate: mine?.gate ?? null,
    taken: taken.get(lesson) ?? null,
  };
}

export async function lineOfOne(env: Env, person: PersonId, found: Listed): Promise<LessonLine> {
  const store = trainingStore(env);
  return lineOf(found, await store.askedOf([person]), await store.takenBy(person));
}

export function questionsFor({ questions }: Listed): AskedQuestion[] {
  return questions.map(({ question, options }) => ({
    question,
    options: options.map(({ text }) => text),
    many: options.filter(({ right }) => right).length > 1,
  }));
}

/**
 * Marks somebody's answers. Whoever passes has taken the lesson, and what it stood before is open to them at once.
 * @throws {Refusal} stale, invalid
 */
export async function mark(
  env: Env,
  { id }: Staff,
  { lesson, version, questions }: Listed,
  { version: answered, answers }: Answers,
): Promise<Omit<MarkedAnswer, 'line'>> {
  if (answered !== version) throw new Refusal('stale');
  if (answers.length !== questions.length) throw new Refusal('invalid', 'answers: one for each question');
  const marked = questions.map((question, n) => {
    const chosen = answers[n] ?? [];
    if (chosen.some((option) => option >= question.options.length))
      throw new Refusal('invalid', 'answers: there is no such option');
    return { right: isRight(question, chosen), why: question.why };
  });
  const right = marked.filter((each) => each.right).length;
  const passed = passes(right, questions.length);
  if (passed) {
    await trainingStore(env).take(id, lesson, { version, at: Date.now() });
    await tellPeople(env, [id]);
  }
  return { passed, right, of: questions.length, marked };
}
