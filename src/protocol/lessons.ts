/**
 * How a lesson is written: Markdown with a title, a text, and at its end the questions, each with its answers as a task
 * list (the right ones ticked) and a quote that says why (docs/TRAINING.md). The same for Sotto's and an organisation's own.
 */
import { limits } from './limits.ts';

export type Option = { text: string; right: boolean };
export type Question = { question: string; options: Option[]; why: string };
export type WrittenLesson = { title: string; text: string; questions: Question[] };

/** What is wrong with a lesson, in words for whoever writes it. */
export class LessonProblem extends Error {
  override readonly name = 'LessonProblem';
}

const heading = /^(#{1,3})\s+(\S.*)$/;
const option = /^[-*]\s+\[( |x|X)\]\s+(\S.*)$/;
const quote = /^>\s?(.*)$/;
/** In each language that Sotto's own are in. */
const questionsHeading = /^(?:questions|fragen)$/i;

/** @throws {LessonProblem} */
export function lessonOf(written: string): WrittenLesson {
  const lines = written.replaceAll('\r\n', '\n').split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  const title = headingOf(lines[first] ?? '', 1);
  if (title === undefined) throw new LessonProblem('A lesson begins with its title: # and a name.');
  const at = lines.findIndex((line) => questionsHeading.test(headingOf(line, 2) ?? ''));
  if (at < 0) throw new LessonProblem('A lesson ends with its questions, below the heading “## Questions”.');
  const text = lines
    .slice(first + 1, at)
    .join('\n')
    .trim();
  if (text === '') throw new LessonProblem('There is nothing between the title and the questions.');
  return { title, text, questions: questionsOf(lines.slice(at + 1)) };
}

function questionsOf(lines: readonly string[]): Question[] {
  const questions: Question[] = [];
  for (const line of lines) {
    const asked = headingOf(line, 3);
    const last = questions.at(-1);
    if (asked !== undefined) questions.push({ question: asked, options: [], why: '' });
    else if (line.trim() !== '') readInto(last, line);
  }
  if (questions.length === 0 || questions.length > limits.lessonQuestions)
    throw new LessonProblem(`A lesson has between 1 and ${limits.lessonQuestions} questions.`);
  for (const each of questions) check(each);
  return questions;
}

function readInto(question: Question | undefined, line: string): void {
  const [, mark, text] = option.exec(line) ?? [];
  const [, why] = quote.exec(line) ?? [];
  if (question === undefined) throw new LessonProblem('A question begins with “### ”.');
  if (mark !== undefined && text !== undefined)
    question.options.push({ text: text.trim(), right: mark !== ' ' });
  else if (why !== undefined) question.why = `${question.why} ${why.trim()}`.trim();
  else
    throw new LessonProblem(
      `Below “${question.question}” stand answers (“- [ ] ” or “- [x] ”) and why (“> ”), and nothing else.`,
    );
}

function check({ question, options, why }: Question): void {
  if (options.length < 2 || options.length > limits.lessonOptions)
    throw new LessonProblem(`“${question}” needs between 2 and ${limits.lessonOptions} answers.`);
  if (!options.some(({ right }) => right))
    throw new LessonProblem(`No answer of “${question}” is right: tick it.`);
  if (why === '')
    throw new LessonProblem(`“${question}” does not say why: add a line that begins with “> ”.`);
}

function headingOf(line: string, level: number): string | undefined {
  const [, marks, text] = heading.exec(line) ?? [];
  return marks?.length === level ? text?.trim() : undefined;
}

/** Whether exactly the right ones were chosen. */
export function isRight({ options }: Question, chosen: readonly number[]): boolean {
  return options.every(({ right }, index) => right === chosen.includes(index));
}

/** How long it takes to read and to answer, in whole minutes, at 180 words a minute and 15 seconds a question. */
export function minutesOf({ text, questions }: WrittenLesson): number {
  const words = text.split(/\s+/).length;
  return Math.max(1, Math.round(words / 180 + questions.length / 4));
}
