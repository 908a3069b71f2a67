/** Training: the door for what is done at night, and for what looks whether anybody is behind with it. */
import type { Env } from '../config.ts';
import { byPerson, trainingStore } from '../people/training.ts';
import { dueOf } from '../protocol/training.ts';

export { remindPortion, seeToTraining } from './training/reminding.ts';

/** How many people are asked to take any lesson, and how many of them are overdue with one. */
export async function trainingOverdue(env: Env, at: number): Promise<{ assigned: number; overdue: number }> {
  const people = [...byPerson(await trainingStore(env).askedOf()).values()];
  const isLate = people.map((lines) => lines.some((line) => dueOf(line, line.taken) <= at));
  return { assigned: people.length, overdue: isLate.filter(Boolean).length };
}
