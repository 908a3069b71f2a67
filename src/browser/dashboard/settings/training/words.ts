/** What is said of who takes which lessons. */
import type { Gate } from '../../../../protocol/training.ts';

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const lessons = (count: number) => (count === 1 ? '1 lesson' : `${count} lessons`);

export const words = {
  intro:
    'Who takes which lessons, and how far everybody is. Having taken one holds for a year, and whoever has to take one is reminded by mail.',
  overview: 'How far everybody is',
  nobody: 'There is nobody here to see.',
  noneAsked: 'Nobody is asked to take a lesson yet.',
  nothingAsked: 'Nothing is asked',
  done: (done: number, of: number) => `${done} of ${of} taken`,
  overdue: (count: number) => `${lessons(count)} overdue`,
  details: (name: string) => `What ${name} has taken`,
  takenOn: (at: number) => `taken on ${date.format(at)}`,
  notTaken: 'not taken',
  dueOn: (at: number, now: number) => `${at <= now ? 'overdue since' : 'due on'} ${date.format(at)}`,
  inLedger: 'The ledger has every answer',

  roles: 'Who takes which',
  rolesHow:
    'What a lesson stands before is closed to whoever has this role and has not taken it, from the moment that it is asked for, also where they sit. Settings are never closed.',
  asked: (count: number) => (count === 0 ? 'nothing is asked' : lessons(count)),
  from: 'What is asked for anew is to be taken',
  fromDays: {
    0: 'at once',
    7: 'within a week',
    14: 'within two weeks',
    30: 'within a month',
  } as Readonly<Record<string, string>>,
  gate: (lesson: string) => `What “${lesson}” stands before`,
  gates: {
    none: 'Nothing: only asked for',
    conversations: 'Conversations',
    sensitiveFiles: 'Sensitive files',
  } satisfies Record<Gate | 'none', string>,
  save: 'Save what is asked',
  saved: 'Saved. It holds at once, also for those who sit here.',
  suggest: 'Ask what is suggested',
  suggestHow:
    'All eight lessons for everybody who works with conversations. The first two stand before conversations, the one about files before sensitive files.',
  suggestAsk: (when: string) => ({
    title: 'Ask this of everybody who works with conversations?',
    text: `Owners and admins too, as far as you may. It is to be taken ${when}; until somebody has, conversations and sensitive files are closed to them from then on.`,
    yes: 'Ask it',
  }),

  own: 'Your own lessons',
  ownHow: 'They stand beside Sotto’s, and you assign them like those.',
  noOwn: 'There is none yet.',
  write: 'Write a lesson',
  newTitle: 'A new lesson',
  text: 'The lesson, in Markdown',
  textHow:
    'A title (#), a text, and below “## Questions” each question (###) with its answers (- [ ] and - [x]) and why (>).',
  template:
    '# Title\n\nWhat everybody here should know.\n\n## Questions\n\n### What is right?\n\n- [ ] This\n- [x] That\n- [ ] Something else\n\n> Why that is so.\n',
  wrong: (what: string) => `Not whole yet. ${what}`,
  whole: (minutes: number, questions: number) =>
    `Whole: about ${minutes} min, ${questions} ${questions === 1 ? 'question' : 'questions'}.`,
  preview: 'As it is read',
  keep: 'Keep this version',
  create: 'Keep the lesson',
  kept: 'Kept.',
  again: 'It means something else now: everybody who is asked it takes it again within thirty days',
  remove: 'Take it out',
  removeAsk: (title: string) => ({
    title: `Take “${title}” out?`,
    text: 'Nobody is asked it any more, and what it stands before is open. Its versions and who has taken them stay on record.',
    yes: 'Take it out',
  }),
  versions: 'Every version',
  version: (version: number, at: number) => `Version ${version}, ${date.format(at)}`,
};
