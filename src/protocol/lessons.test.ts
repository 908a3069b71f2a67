import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRight, lessonOf, LessonProblem, minutesOf } from './lessons.ts';
import { lessonNames } from './training.ts';

const folder = join(import.meta.dirname, '../duties/training/lessons');
const languages = readdirSync(folder);
const read = (language: string, name: string) =>
  lessonOf(readFileSync(join(folder, language, `${name}.md`), 'utf8'));
const written = (questions: string) => `# A title\n\nA text.\n\n## Questions\n\n${questions}`;

describe('E1 the lessons that come with Sotto', () => {
  it.each(languages)('E1 are all there in %s, and nothing else', (language) => {
    const names = readdirSync(join(folder, language)).map((file) => file.replace(/[.]md$/, ''));
    const expected =
      language === 'en' ? [...lessonNames] : lessonNames.filter((name) => names.includes(name));
    expect(names.toSorted()).toEqual(expected.toSorted());
  });

  it.each(lessonNames)('E1 %s takes about five minutes, with scenarios and four to six questions', (name) => {
    const lesson = read('en', name);
    expect(minutesOf(lesson)).toBeGreaterThanOrEqual(4);
    expect(minutesOf(lesson)).toBeLessThanOrEqual(7);
    expect(lesson.text.match(/^## Scenario/gm)?.length).toBeGreaterThanOrEqual(2);
    expect(lesson.questions.length).toBeGreaterThanOrEqual(4);
    expect(lesson.questions.length).toBeLessThanOrEqual(6);
    for (const { options } of lesson.questions) expect(options.length).toBeGreaterThanOrEqual(3);
  });

  it('E1 have the same right answers at the same places in every language', () => {
    const rights = (language: string, name: string) =>
      read(language, name).questions.map(({ options }) => options.map(({ right }) => right));
    for (const language of languages.filter((each) => each !== 'en'))
      for (const file of readdirSync(join(folder, language))) {
        const name = file.replace(/[.]md$/, '');
        expect([language, name, rights(language, name)]).toEqual([language, name, rights('en', name)]);
      }
  });
});

describe('E2 a lesson as it is written', () => {
  it('E2 is a title, a text, and questions with their answers and why', () => {
    expect(lessonOf(written('### Yes?\n\n- [x] Yes\n- [ ] No\n\n> It\n> is.\n'))).toEqual({
      title: 'A title',
      text: 'A text.',
      questions: [
        {
          question: 'Yes?',
          options: [
            { text: 'Yes', right: true },
            { text: 'No', right: false },
          ],
          why: 'It is.',
        },
      ],
    });
  });

  it.each([
    ['', 'begins with its title'],
    ['A text without a title', 'begins with its title'],
    ['# A title\n\nA text.', 'ends with its questions'],
    ['# A title\n\n## Questions\n\n### Yes?\n- [x] Yes\n- [ ] No\n> It is.', 'nothing between'],
    [written(''), 'between 1 and'],
    [written('- [x] Yes'), 'A question begins'],
    [written('### Yes?\n- [x] Yes\n> It is.'), 'needs between 2'],
    [written('### Yes?\n- [ ] Yes\n- [ ] No\n> It is.'), 'No answer'],
    [written('### Yes?\n- [x] Yes\n- [ ] No'), 'does not say why'],
    [written('### Yes?\n- [x] Yes\n- [ ] No\nAnd a word.\n> It is.'), 'and nothing else'],
  ])('E2 that is not whole says what is missing: %j', (text, why) => {
    expect(() => lessonOf(text)).toThrow(LessonProblem);
    expect(() => lessonOf(text)).toThrow(why);
  });

  it('E4 an answer is right where exactly the right options were chosen', () => {
    const [question] = lessonOf(written('### Which?\n- [x] A\n- [ ] B\n- [x] C\n> Why.')).questions;
    if (question === undefined) throw new Error('none');
    expect(isRight(question, [0, 2])).toBe(true);
    for (const chosen of [[], [0], [0, 1, 2], [1]]) expect(isRight(question, chosen)).toBe(false);
  });
});
