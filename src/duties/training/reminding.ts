/** Once a day: a lesson that means something else is asked for again, and whoever has to take one is reminded by mail. */
import type { Env } from '../../config.ts';
import { logFault } from '../../log.ts';
import { mailTraining } from '../../people/mail.ts';
import { StaffDirectory } from '../../people/staff.ts';
import { trainingStore } from '../../people/training.ts';
import type { PersonId } from '../../protocol/ids.ts';
import { againWithin, dueOf, isToRemind, remindedBefore } from '../../protocol/training.ts';
import { sottosVersions } from './lessons.ts';
import { ReminderStore } from './store.ts';
import { tellHolders } from './telling.ts';

/** Each takes a few requests, of which there are 1,000; whoever is left out is reminded the next night. */
const mailsAtOnce = 200;

export async function seeToTraining(env: Env, now: number): Promise<void> {
  await askAgain(env, now);
  await remind(env, now);
}

/** Sotto's own lessons come with a deployment, which nobody hears of otherwise. */
async function askAgain(env: Env, now: number): Promise<void> {
  const store = trainingStore(env);
  let isChanged = false;
  for (const [lesson, version] of sottosVersions)
    if (await store.askAgain(lesson, version, now + againWithin)) isChanged = true;
  if (!isChanged) return;
  await tellHolders(env, [...new Set((await store.assigned()).map(({ role }) => role))]);
}

/** One mail for everything that somebody has to take, and of none of it again before its time. */
async function remind(env: Env, now: number): Promise<void> {
  const store = new ReminderStore(env.DB);
  const reminded = new Map((await store.list()).map((row) => [`${row.person} ${row.lesson}`, row]));
  const open = (await trainingStore(env).askedOf())
    .map(({ person, lesson, ...asked }) => ({
      person,
      lesson,
      due: dueOf({ lesson, ...asked }, asked.taken),
    }))
    .filter(({ due }) => due - now <= remindedBefore);
  let left = mailsAtOnce;
  for (const [person, lines] of Map.groupBy(open, (line) => line.person)) {
    const isOwed = lines.some(({ lesson, due }) =>
      isToRemind(due, now, reminded.get(`${person} ${lesson}`) ?? null),
    );
    if (!isOwed) continue;
    if (left-- === 0) break;
    try {
      await mail(
        env,
        person,
        lines.map(({ due }) => due),
        now,
      );
      await store.set(lines.map((line) => ({ ...line, at: now })));
    } catch (error) {
      logFault('mail.training', error);
    }
  }
}

async function mail(env: Env, person: PersonId, due: readonly number[], now: number): Promise<void> {
  const member = await new StaffDirectory(env).byId(person);
  if (member?.row.state !== 'active') return;
  const overdue = due.filter((at) => at <= now).length;
  await mailTraining(env, await member.address(), {
    overdue,
    soon: due.length - overdue,
    first: Math.min(...due),
  });
}
