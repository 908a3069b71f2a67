/** Looks through what the ledger has taken in since it was looked at last, and finds what raises an alarm. */
import type { Env } from '../../config.ts';
import {
  countDoneAt,
  countFailedProofs,
  countRefused,
  countThings,
  entriesFrom,
  isFailedProof,
  ledgerOf,
  mostThingsInAnHour,
} from '../../ledger.ts';
import type { Finding } from '../../protocol/alarms.ts';
import { marked } from '../played.ts';
import {
  askedAfter,
  figures,
  takingDoors,
  foundIn,
  isUnusualReading,
  type Question,
  readings,
  takings,
} from './rules.ts';

const entriesAtOnce = 500;

const hour = 3_600_000;
/** What is to be counted as it stood then: what was done is looked at later where the database could not be asked. */
type Asked = { question: Question; at: number };

/**
 * What stands in the database behind all that was written there is no entry, and has nobody look past the one that will be.
 *
 * @param from the place in the ledger of the first entry that is news @returns the place after the last
 */
export async function lookFrom(env: Env, from: number): Promise<{ findings: Finding[]; next: number }> {
  const news = Math.min((await ledgerOf(env).written()) - from, entriesAtOnce);
  if (news <= 0) return { findings: [], next: from };
  const { entries, next } = await entriesFrom(env, from, news);
  const findings = entries.flatMap((entry) => foundIn(entry) ?? []);
  // Of many entries about the same person one count is enough for each hour.
  const asked = new Map<string, Asked>();
  for (const entry of entries) {
    for (const question of askedAfter(entry, isFailedProof(entry))) {
      const key = `${question.ask} ${question.about ?? ''} ${Math.floor(entry.at / hour)}`;
      asked.set(key, { question, at: Math.max(entry.at, asked.get(key)?.at ?? 0) });
    }
  }
  for (const each of asked.values()) {
    const found = await answer(env, each);
    if (found !== undefined) findings.push(found);
  }
  return { findings: await marked(env, findings), next };
}

async function answer(env: Env, { question, at }: Asked): Promise<Finding | undefined> {
  const { ask, about } = question;
  const within = { from: at - figures[ask].within, to: at };
  switch (ask) {
    case 'reading':
    case 'files': {
      const { action, rule } = readings[ask];
      const count = await countThings(env, about, action, within);
      if (count < figures[ask].least) return undefined;
      const past = { from: at - figures[ask].past, to: within.from };
      const most = await mostThingsInAnHour(env, about, action, past);
      return isUnusualReading(ask, count, most) ? { rule, about, facts: { count, most } } : undefined;
    }
    case 'exports': {
      const count = await countDoneAt(env, about, takingDoors, within);
      return count < figures.exports.least ? undefined : { rule: 'export.mass', about, facts: { count } };
    }
    case 'copies':
    case 'transcripts': {
      const count = await countThings(env, about, takings[ask], within);
      return count < figures[ask].least ? undefined : { rule: 'export.mass', about, facts: { count } };
    }
    case 'refusals': {
      const count = await countRefused(env, about, within);
      return count < figures.refusals.least ? undefined : { rule: 'refusals.many', about, facts: { count } };
    }
    case 'failures': {
      const count = await countFailedProofs(env, within, about);
      return count < figures.failures.least
        ? undefined
        : { rule: 'signIn.failures', about, facts: { count } };
    }
    case 'spray': {
      const count = await countFailedProofs(env, within);
      return count < figures.spray.least ? undefined : { rule: 'signIn.spray', about, facts: { count } };
    }
  }
}
