/**
 * Training: which lessons whoever has a role is to take, until when, what is closed to those who have not, and what is
 * said of it over HTTP. The rule that decides by what is closed is src/people/permission.ts.
 */
import * as v from 'valibot';
import type { Action } from './permissions.ts';
import { idSchema, type LessonId, type PersonId } from './ids.ts';
import type { Role } from './roles.ts';
import { limits } from './limits.ts';
import { wellFormed } from './fields.ts';

/** The lessons that come with Sotto, in the order in which they are best taken. */
export const lessonNames = [
  'sensitive-data',
  'phishing',
  'privacy-law',
  'passwords',
  'files',
  'customer-rights',
  'clean-desk',
  'incidents',
] as const;
export type LessonName = (typeof lessonNames)[number];
/** One of Sotto's own by its name, or one that the organisation wrote. */
export type Lesson = LessonName | LessonId;
export const lessonSchema = v.union([v.picklist(lessonNames), idSchema('lesson')]);

export function isSottosOwn(lesson: string): lesson is LessonName {
  return (lessonNames as readonly string[]).includes(lesson);
}

export function isLesson(text: unknown): text is Lesson {
  return v.is(lessonSchema, text);
}

// What is closed -----------------------------------------------------------------------------------------------------

/** What a lesson can stand before: everything that is done with conversations, or opening files that are sensitive, one by one or with a copy of everything. */
export const gates = ['conversations', 'sensitiveFiles'] as const;
export type Gate = (typeof gates)[number];
/** Until when each is open to somebody, in Unix milliseconds. What is not named stays open. */
export type Gates = Partial<Record<Gate, number>>;

const ofConversations = /^(?:conversation|file|message|customer)[.]/;

/** Whether this lies behind a gate. */
export function isBehind(
  gate: Gate,
  action: Action,
  { sensitive = false }: { sensitive?: boolean },
): boolean {
  if (gate === 'conversations') return ofConversations.test(action);
  // A copy of everything holds the sensitive ones too.
  return action === 'customer.copy' || (sensitive && action === 'file.open');
}

export function closedOf(open: Gates | undefined, now: number): Gate[] {
  return gates.filter((gate) => (open?.[gate] ?? Infinity) <= now);
}

/** When the next of these closes; Infinity: none does. */
export function nextClosing(open: Gates | undefined, now: number): number {
  return Math.min(...Object.values(open ?? {}).filter((at) => at > now));
}

// When it is due -----------------------------------------------------------------------------------------------------

const day = 86_400_000;
/** How long having taken a lesson holds. */
export const holdsFor = 365 * day;
/** By when a lesson whose meaning has changed is taken again. */
export const againWithin = 30 * day;
/** How long before it is due somebody is reminded, and how often once it is overdue. */
export const remindedBefore = 14 * day;
export const remindedEvery = 7 * day;

/**
 * What is asked of whoever has a role: one lesson from a time on, and the version from which on having taken it counts.
 * One before it counts until `renewBy` at the longest; null: not at all.
 */
export type Asked = {
  lesson: Lesson;
  gate: Gate | null;
  from: number;
  counts: number;
  renewBy: number | null;
};
/** That somebody has answered a lesson's questions well, last. */
export type Taken = { version: number; at: number };

/** Until when somebody need not take a lesson (again). Unix milliseconds. */
export function dueOf({ from, counts, renewBy }: Asked, taken: Taken | null): number {
  if (taken === null) return from;
  const year = taken.at + holdsFor;
  return Math.max(from, taken.version >= counts ? year : Math.min(year, renewBy ?? 0));
}

/** Until when each gate is open to whoever is asked this. */
export function gatesBehind(asked: readonly (Asked & { taken: Taken | null })[]): Gates {
  const due = gates.flatMap((gate) => {
    const before = asked.filter((each) => each.gate === gate);
    return before.length === 0 ? [] : [[gate, Math.min(...before.map((each) => dueOf(each, each.taken)))]];
  });
  return Object.fromEntries(due) as Gates;
}

export type Standing = 'done' | 'soon' | 'overdue';

export function standingOf(due: number, now: number): Standing {
  if (due <= now) return 'overdue';
  return due - now <= remindedBefore ? 'soon' : 'done';
}

/** Whether somebody is to be reminded of what is due then. @param last when they were, and of what time */
export function isToRemind(due: number, now: number, last: { due: number; at: number } | null): boolean {
  if (due - now > remindedBefore) return false;
  if (last?.due !== due) return true;
  return due <= now && now - last.at >= remindedEvery;
}

/** So many of the questions have to be answered right. */
export function passes(right: number, of: number): boolean {
  return right >= Math.ceil(of * 0.8);
}

// Over HTTP ----------------------------------------------------------------------------------------------------------

export const lessonLanguages = ['en', 'de'] as const;
export type LessonLanguage = (typeof lessonLanguages)[number];
export const lessonQuery = v.strictObject({ language: v.optional(v.picklist(lessonLanguages), 'en') });

/** A lesson as its list shows it; `due` is null where nobody asks that it is taken. */
export type LessonLine = {
  lesson: Lesson;
  title: string;
  version: number;
  minutes: number;
  due: number | null;
  gate: Gate | null;
  taken: Taken | null;
};
export type MyTraining = { lessons: LessonLine[]; now: number };

/** `many`: several of the answers can be right. */
export type AskedQuestion = { question: string; options: string[]; many: boolean };
export type LessonAnswer = {
  line: LessonLine;
  /** The language that it is in, which another may stand in for. */
  language: LessonLanguage | null;
  text: string;
  questions: AskedQuestion[];
};

/** For each question, in order, which of its options somebody chose. */
export const answersRequest = v.strictObject({
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  answers: v.pipe(
    v.array(
      v.pipe(
        v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(limits.lessonOptions - 1))),
        v.maxLength(limits.lessonOptions),
      ),
    ),
    v.minLength(1),
    v.maxLength(limits.lessonQuestions),
  ),
});
export type Marked = { right: boolean; why: string };
export type MarkedAnswer = { passed: boolean; right: number; of: number; marked: Marked[]; line: LessonLine };

export const assignmentRequest = v.strictObject({
  lessons: v.pipe(
    v.array(
      v.strictObject({
        lesson: lessonSchema,
        gate: v.nullable(v.picklist(gates)),
        /** From when on it is asked for; null: from now on, or since it is. */
        from: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15))),
      }),
    ),
    v.maxLength(limits.lessons),
    v.check((all) => new Set(all.map(({ lesson }) => lesson)).size === all.length, 'not one line for each'),
  ),
});
export type Assignment = { role: Role } & Pick<Asked, 'lesson' | 'gate' | 'from'>;
/** `roles`: those that whoever asks may assign lessons to; the name of one that is built in is null. */
export type AssignmentsAnswer = {
  assignments: Assignment[];
  roles: { role: Role; name: string | null }[];
  lessons: Pick<LessonLine, 'lesson' | 'title' | 'version'>[];
};

/** The organisation's own, as it is written, with its questions and their answers. */
export const ownLessonRequest = v.strictObject({
  text: v.pipe(v.string(), v.maxLength(limits.lessonLength), wellFormed),
});
/** `before`: the version that was changed. `again`: everybody takes it again, for it means something else now. */
export const ownLessonChange = v.strictObject({
  ...ownLessonRequest.entries,
  before: v.pipe(v.number(), v.integer(), v.minValue(1)),
  again: v.boolean(),
});
export type OwnLessonVersion = { version: number; at: number; text: string };
/** The newest first. */
export type OwnLessonAnswer = { lesson: LessonId; versions: OwnLessonVersion[] };

export type OverviewLine = { person: PersonId; name: string; role: Role; lessons: OverviewLesson[] };
export type OverviewLesson = { lesson: Lesson; due: number; taken: Taken | null };
export type OverviewAnswer = {
  people: OverviewLine[];
  lessons: Pick<LessonLine, 'lesson' | 'title'>[];
  now: number;
};
