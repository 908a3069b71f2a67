/** Looks through what the ledger has taken in since it was looked at last, and finds what raises an alarm. */
import type { Env } from '../../config.ts';
import {
  countDone,
  countFailedProofs,
  countRefused,
  countThings,
  entriesFrom,
  isFailedProof,
  mostThingsInAnHour,
} from '../../ledger.ts';
import type { Finding } from '../../protocol/alarms.ts';
import { askedAfter, figures, foundIn, isUnusualReading, type Question } from './rules.ts';

const entriesAtOnce = 500;

/** @param from the place in the ledger of the first entry that is news @returns the place after the last */
export async function lookFrom(
  env: Env,
  from: number,
  now: number,
): Promise<{ findings: Finding[]; next: number }> {
  const { entries, next } = await entriesFrom(env, from, entriesAtOnce);
  const findings = entries.flatMap((entry) => foundIn(entry) ?? []);
  // Of many entries about the same person one count is enough.
  const asked = entries.flatMap((entry) => askedAfter(entry, isFailedProof(entry)));
  const questions = new Map(asked.map((question) => [`${question.ask} ${question.about ?? ''}`, question]));
  for (const question of questions.values()) {
    const found = await answer(env, question, now);
    if (found !== undefined) findings.push(found);
  }
  return { findings, next };
}

async function answer(env: Env, question: Question, now: number): Promise<Finding | undefined> {
  const { ask, about } = question;
  const { within } = figures[ask];
  const since = now - within;
  switch (ask) {
    case 'reading': {
      const count = await countThings(env, about, 'conversation.read', since);
      if (count < figures.reading.least) return undefined;
      const past = { from: now - figures.reading.past, to: since };
      const most = await mostThingsInAnHour(env, about, 'conversation.read', past);
      return isUnusualReading(count, most)
        ? { rule: 'reading.unusual', about, facts: { count, most } }
        : undefined;
    }
    case 'exports': {
      const count = await countDone(env, about, question.action, since);
      return count < figures.exports.least ? undefined : { rule: 'export.mass', about, facts: { count } };
    }
    case 'refusals': {
      const count = await countRefused(env, about, since);
      return count < figures.refusals.least ? undefined : { rule: 'refusals.many', about, facts: { count } };
    }
    case 'failures': {
      const count = await countFailedProofs(env, since, about);
      return count < figures.failures.least
        ? undefined
        : { rule: 'signIn.failures', about, facts: { count } };
    }
    case 'spray': {
      const count = await countFailedProofs(env, since);
      return count < figures.spray.least ? undefined : { rule: 'signIn.spray', about, facts: { count } };
    }
  }
}
