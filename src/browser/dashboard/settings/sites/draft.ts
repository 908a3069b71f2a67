/** A site as its form holds it: everything in fields, and back to what the server takes. */
import type { FileRules, Localised, Question, Site, SiteSettings } from '../../../../protocol/bodies.ts';
import { type Week, hoursFrom, usualWeek, weekOf } from './hours.ts';

export interface Draft {
  name: string;
  team: string;
  /** One on each line. */
  origins: string;
  colour: string | null;
  /** Of all texts; the first is shown where another is missing. */
  languages: readonly string[];
  title: Localised;
  greeting: Localised;
  questions: readonly DraftQuestion[];
  consent: { version: string; text: Localised } | null;
  hours: { timeZone: string; week: Week } | null;
  files: Omit<FileRules, 'bytes' | 'days'> & { megabytes: string; days: string };
  /** Null: conversations are kept for ever. */
  keptDays: string | null;
  /** Null: customers of whom no conversation is left are. */
  visitorDays: string | null;
  masking: SiteSettings['masking'];
}

export const MB = 1024 * 1024;

/** `key` tells questions apart while they are moved about. */
export type DraftQuestion = Question & { key: number };

let keys = 0;
export function newQuestion(kind: Question['kind']): DraftQuestion {
  return { key: keys++, kind, label: {}, required: false };
}

export function hoursToBeginWith(): NonNullable<Draft['hours']> {
  return { timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone, week: usualWeek };
}

export function draftOf({ name, team, origins, settings }: Site): Draft {
  const { colour, title, greeting, questions, consent, hours, files, masking } = settings;
  const { bytes, days, ...rules } = files;
  return {
    name,
    team,
    origins: origins.join('\n'),
    colour,
    languages: languagesOf(settings),
    title,
    greeting,
    questions: questions.map((question) => ({ ...question, key: keys++ })),
    consent,
    hours: hours === null ? null : { timeZone: hours.timeZone, week: weekOf(hours) },
    files: { ...rules, megabytes: String(bytes / MB), days: String(days) },
    keptDays: written(settings.keptDays),
    visitorDays: written(settings.visitorDays),
    masking,
  };
}

function written(days: number | null): string | null {
  return days === null ? null : String(days);
}

/** What is blank is left out, and so are languages that were taken away. */
export function settingsOf(draft: Draft): SiteSettings {
  const { colour, title, greeting, questions, consent, hours, languages } = draft;
  const { megabytes, days, ...rules } = draft.files;
  const told = (texts: Localised) => said(texts, languages);
  return {
    colour,
    title: told(title),
    greeting: told(greeting),
    hours: hours === null ? null : hoursFrom(hours.timeZone, hours.week),
    questions: questions.map(({ kind, label, required }) => ({ kind, label: told(label), required })),
    consent: consent === null ? null : { version: consent.version, text: told(consent.text) },
    files: { ...rules, bytes: Math.round(Number(megabytes) * MB), days: Number(days) },
    keptDays: draft.keptDays === null ? null : Number(draft.keptDays),
    visitorDays: draft.visitorDays === null ? null : Number(draft.visitorDays),
    masking: draft.masking,
  };
}

export function originsOf(lines: string): string[] {
  const origins = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return [...new Set(origins.map(originOf))];
}

/** What is no web address stays as it is, for its writer to see. */
function originOf(address: string): string {
  return /^https?:/i.test(address) && URL.canParse(address) ? new URL(address).origin : address;
}

/** As the server takes them. */
export function isOrigin(text: string): boolean {
  return /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/.test(text) && originOf(text) === text;
}

/** Each text in each of these languages that has one. */
function said(texts: Localised, languages: readonly string[]): Localised {
  return Object.fromEntries(
    Object.entries(texts).filter(([language, text]) => languages.includes(language) && text.trim() !== ''),
  );
}

function languagesOf({ title, greeting, questions, consent }: SiteSettings): string[] {
  const texts = [title, greeting, ...questions.map(({ label }) => label), consent?.text ?? {}];
  const found = new Set(texts.flatMap((text) => Object.keys(text)));
  return found.size === 0 ? ['en'] : [...found].toSorted();
}
