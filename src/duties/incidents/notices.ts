/**
 * Drafts of the notices that a law asks for, filled with what an incident knows. What it can not know stands in brackets, for
 * whoever sends it to fill in.
 */
import type { Env } from '../../config.ts';
import type { FullIncident, Notice } from '../../protocol/incidents.ts';
import type { Controller } from '../../protocol/processing.ts';
import { controllerOf } from '../laws.ts';
import { type NoticeFacts, noticeTexts } from './notice-texts.ts';

export async function noticesOf(env: Env, incident: FullIncident): Promise<Notice[]> {
  return noticesFor(incident, await controllerOf(env));
}

const languages = ['en', 'de'] as const;

/** Of each clock that runs or ran, in each language in which there is one. Pure. */
export function noticesFor(incident: FullIncident, controller: Controller): Notice[] {
  return incident.clocks.flatMap(({ clock }) =>
    languages.flatMap((language) => {
      const draft = noticeTexts[language].texts[clock];
      return draft === undefined
        ? []
        : [{ clock, language, ...draft(factsOf(language, incident, controller)) }];
    }),
  );
}

function factsOf(
  language: Notice['language'],
  { kind, beganAt, noticedAt, tasks }: FullIncident,
  { name, contact, officer }: Controller,
): NoticeFacts {
  const { gaps, locale } = noticeTexts[language];
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const when = (at: number) => `${date.format(at)} UTC`;
  const done = tasks.filter(({ phase, done }) => phase !== 'after' && done !== null).map(({ text }) => text);
  return {
    who: name === '' ? gaps.who : name,
    contact: contact === '' ? gaps.contact : contact,
    officer: officer === '' ? gaps.officer : officer,
    kind,
    began: when(beganAt),
    noticed: when(noticedAt),
    done: done.length === 0 ? [gaps.done] : done,
  };
}
