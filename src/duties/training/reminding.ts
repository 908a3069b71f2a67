/** Once a day: a lesson that means something else is asked for again, and whoever has to take one is reminded by mail. */
import type { Env } from '../../config.ts';
import { idOf } from '../../ledger.ts';
import { logFault } from '../../log.ts';
import { mailTraining } from '../../people/mail.ts';
import { enter } from '../../people/recording.ts';
import { StaffDirectory } from '../../people/staff.ts';
import { trainingStore } from '../../people/training.ts';
import type { PersonId } from '../../protocol/ids.ts';
import { againWithin, dueOf, isToRemind, type Lesson, remindedBefore } from '../../protocol/training.ts';
import { beginRun, type Portion } from '../runs.ts';
import { sottosVersions } from './lessons.ts';
import { ReminderStore } from './store.ts';
import { tellHolders } from './telling.ts';

/** Each takes a few requests, and a portion some hundreds. */
const mailsAtOnce = 50;
/** Its run is named after when it was begun. */
const runs = 'reminders';

/** So many may have to be reminded that it is a long duty, and none of the night's own. */
export async function seeToTraining(env: Env, now: number): Promise<void> {
  await beginRun(env, 'reminders', `${runs}-${now}`, now);
}

/** `place`: behind whom the next portion begins. Done twice, nobody is reminded twice. */
export const remindPortion: Portion = async (env, run, place) => {
  const now = Number(run.slice(runs.length + 1));
  if (place === null) await askAgain(env, now);
  const owed = (await owedReminders(env, now)).filter(([person]) => person > (place ?? ''));
  const some = owed.slice(0, mailsAtOnce);
  for (const [person, lines] of some)
    try {
      await mail(
        env,
        person,
        lines.map(({ due }) => due),
        now,
      );
      await new ReminderStore(env.DB).set(lines.map((line) => ({ ...line, at: now })));
    } catch (error) {
      logFault('mail.training', error);
    }
  return { place: owed.length > some.length ? (some.at(-1)?.[0] ?? null) : null, done: some.length };
};

/** Sotto's own lessons come with a deployment, which nobody hears of otherwise: the ledger has it before it is so. */
async function askAgain(env: Env, now: number): Promise<void> {
  const store = trainingStore(env);
  const assigned = await store.assigned();
  const older = sottosVersions.filter(([lesson, version]) =>
    assigned.some((each) => each.lesson === lesson && each.counts < version),
  );
  if (older.length === 0) return;
  await enter(
    env,
    { actor: null, action: 'training.renew', facts: { lessons: older.map(([lesson]) => lesson) } },
    idOf('training.renew', ...older.flat()),
  );
  for (const [lesson, version] of older) await store.askAgain(lesson, version, now + againWithin);
  await tellHolders(env, [...new Set(assigned.map(({ role }) => role))]);
}

type Line = { person: PersonId; lesson: Lesson; due: number };

/** Whoever has to be told, in the order of their ids: one mail for everything, and of none of it again before its time. */
async function owedReminders(env: Env, now: number): Promise<[PersonId, Line[]][]> {
  const reminded = new Map(
    (await new ReminderStore(env.DB).list()).map((row) => [`${row.person} ${row.lesson}`, row]),
  );
  const open = (await trainingStore(env).askedOf())
    .map(({ person, lesson, ...asked }) => ({
      person,
      lesson,
      due: dueOf({ lesson, ...asked }, asked.taken),
    }))
    .filter(({ due }) => due - now <= remindedBefore);
  return [...Map.groupBy(open, (line) => line.person)]
    .filter(([person, lines]) =>
      lines.some(({ lesson, due }) => isToRemind(due, now, reminded.get(`${person} ${lesson}`) ?? null)),
    )
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
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
