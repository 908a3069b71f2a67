/** Asking lessons of whoever has a role. */
import type { Env } from '../../config.ts';
import { trainingStore } from '../../people/training.ts';
import type { Role } from '../../protocol/roles.ts';
import type { Assignment } from '../../protocol/training.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { allLessons } from './catalogue.ts';
import { tellHolders } from './telling.ts';

type Wished = Pick<Assignment, 'lesson' | 'gate'> & { from: number | null };

/**
 * These lessons and no others. What was asked already keeps since when, and whether it has to be taken again, unless that
 * is said anew. @throws {Refusal} invalid
 */
export async function assign(env: Env, role: Role, wished: readonly Wished[], now: number): Promise<void> {
  const lessons = new Map((await allLessons(env, 'en')).map((each) => [each.lesson, each]));
  const lines = wished.map(({ lesson, gate, from }) => {
    const found = lessons.get(lesson);
    if (found === undefined) throw new Refusal('invalid', 'lessons: there is no such lesson');
    return { lesson, gate, from, counts: found.version };
  });
  await trainingStore(env).assign(role, lines, now);
  await tellHolders(env, [role]);
}
