/** What a customer has filled in before a chat, made into what the server takes. */
import type { Question, SiteSettings } from '../../../protocol/bodies.ts';
import type { Introduction } from '../introduction.ts';

export type Problem = 'required' | 'addressUnfit' | 'consentNeeded';

export interface Filled {
  /** In the order of the questions. */
  readonly values: readonly string[];
  readonly consents: boolean;
}

type Asked = Pick<SiteSettings, 'questions' | 'consent'>;

const address = /^[^\s@<>"(),:;\\[\]\p{Cc}\p{Cf}]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/iu;
/** What a name may not hold, such as changes of direction. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What is missing or does not fit, one for each question, and the consent last. */
export function problemsOf(
  { questions, consent }: Asked,
  { values, consents }: Filled,
): readonly (Problem | null)[] {
  return [
    ...questions.map((question, index) => problemOf(question, cleaned(question, values[index] ?? ''))),
    consent !== null && !consents ? 'consentNeeded' : null,
  ];
}

function problemOf({ kind, required }: Question, value: string): Problem | null {
  if (value === '') return required ? 'required' : null;
  return kind === 'address' && !address.test(value) ? 'addressUnfit' : null;
}

export function introductionOf({ questions, consent }: Asked, { values }: Filled): Introduction {
  const answered = questions.map((question, index) => ({
    kind: question.kind,
    value: cleaned(question, values[index] ?? ''),
  }));
  const only = (kind: Question['kind']) =>
    answered.find((each) => each.kind === kind && each.value !== '')?.value;
  const name = only('name');
  const mail = only('address');
  return {
    ...(name === undefined ? {} : { name }),
    ...(mail === undefined ? {} : { address: mail }),
    answers: answered.filter(({ kind }) => kind === 'text').map(({ value }) => (value === '' ? null : value)),
    ...(consent === null ? {} : { consent: consent.version }),
  };
}

function cleaned({ kind }: Question, value: string): string {
  const text = value.toWellFormed();
  return (kind === 'name' ? text.replaceAll(unseen, '') : text).trim();
}
