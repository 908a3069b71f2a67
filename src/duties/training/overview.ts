/** Who has taken what, for those who answer for it: everybody's, or that of whoever is in their teams. */
import type { Env } from '../../config.ts';
import { may, type Staff } from '../../people/permission.ts';
import { StaffDirectory } from '../../people/staff.ts';
import { byPerson, trainingStore } from '../../people/training.ts';
import { dueOf, type OverviewAnswer } from '../../protocol/training.ts';
import { allLessons } from './catalogue.ts';

export async function overviewFor(env: Env, staff: Staff, now: number): Promise<OverviewAnswer> {
  const [everybody, asked, lessons] = await Promise.all([
    new StaffDirectory(env).list(),
    trainingStore(env).askedOf(),
    allLessons(env, 'en'),
  ]);
  const askedOf = byPerson(asked);
  const seen = everybody.filter(
    ({ row }) =>
      row.state === 'active' &&
      (may(staff, 'training.see') || row.teams.some((team) => may(staff, 'training.see', { team }))),
  );
  const people = await Promise.all(
    seen.map(async (member) => ({
      person: member.id,
      name: await member.name(),
      role: member.row.role,
      lessons: (askedOf.get(member.id) ?? []).map((each) => ({
        lesson: each.lesson,
        due: dueOf(each, each.taken),
        taken: each.taken,
      })),
    })),
  );
  return { people, lessons: lessons.map(({ lesson, title }) => ({ lesson, title })), now };
}
