/** The lessons that come with Sotto, each as Markdown in its languages. Another language is a folder of files, and a line. */
import { lessonOf, type WrittenLesson } from '../../protocol/lessons.ts';
import { type LessonLanguage, type LessonName, lessonNames } from '../../protocol/training.ts';
import cleanDeskDe from './lessons/de/clean-desk.md';
import customerRightsDe from './lessons/de/customer-rights.md';
import filesDe from './lessons/de/files.md';
import incidentsDe from './lessons/de/incidents.md';
import passwordsDe from './lessons/de/passwords.md';
import phishingDe from './lessons/de/phishing.md';
import privacyLawDe from './lessons/de/privacy-law.md';
import sensitiveDataDe from './lessons/de/sensitive-data.md';
import cleanDesk from './lessons/en/clean-desk.md';
import customerRights from './lessons/en/customer-rights.md';
import files from './lessons/en/files.md';
import incidents from './lessons/en/incidents.md';
import passwords from './lessons/en/passwords.md';
import phishing from './lessons/en/phishing.md';
import privacyLaw from './lessons/en/privacy-law.md';
import sensitiveData from './lessons/en/sensitive-data.md';

/**
 * `version` is one more where a lesson means something else than before: everybody who is asked it takes it again. A better
 * wording leaves it as it is.
 */
type Kept = { version: number; texts: { en: string } & Partial<Record<LessonLanguage, string>> };

const kept: Record<LessonName, Kept> = {
  'sensitive-data': { version: 1, texts: { en: sensitiveData, de: sensitiveDataDe } },
  phishing: { version: 1, texts: { en: phishing, de: phishingDe } },
  'privacy-law': { version: 1, texts: { en: privacyLaw, de: privacyLawDe } },
  passwords: { version: 1, texts: { en: passwords, de: passwordsDe } },
  files: { version: 1, texts: { en: files, de: filesDe } },
  'customer-rights': { version: 1, texts: { en: customerRights, de: customerRightsDe } },
  'clean-desk': { version: 1, texts: { en: cleanDesk, de: cleanDeskDe } },
  incidents: { version: 1, texts: { en: incidents, de: incidentsDe } },
};

export type LessonHere = WrittenLesson & { version: number; language: LessonLanguage | null };

const read = new Map<string, WrittenLesson>();

/** In this language, or in English where it is not in that. */
export function sottosLesson(name: LessonName, wished: LessonLanguage): LessonHere {
  const { version, texts } = kept[name];
  const language = texts[wished] === undefined ? 'en' : wished;
  const key = `${name} ${language}`;
  const lesson = read.get(key) ?? lessonOf(texts[language] ?? texts.en);
  read.set(key, lesson);
  return { ...lesson, version, language };
}

export const sottosVersions: readonly (readonly [LessonName, number])[] = lessonNames.map((name) => [
  name,
  kept[name].version,
]);
