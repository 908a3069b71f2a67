/** What a site asks of somebody who begins: their consent, and answers to its questions. */
import type { BeginRequest, Localised, SiteSettings } from '../../protocol/bodies.ts';
import type { Consent, Customer } from '../../protocol/frames.ts';
import type { Facts } from '../../people/visitor.ts';
import { Refusal } from '../../protocol/refusals.ts';

/**
 * What is proved of somebody counts, whatever they say; of all else they say what they like.
 * @throws {Refusal} consent_needed, or invalid with the place of a question that was not answered
 */
export function intake(
  { consent, questions }: Pick<SiteSettings, 'consent' | 'questions'>,
  asked: Pick<BeginRequest, 'customer' | 'consent'>,
  proved: Facts,
  now: number,
): { customer: Customer; consent: Consent | null } {
  if (consent !== null && asked.consent !== consent.version) throw new Refusal('consent_needed');
  const { language = null, timeZone = null, answers = [], ...said } = asked.customer ?? {};
  const name = proved.name ?? said.name ?? null;
  const address = proved.address ?? said.address ?? null;
  const texts = questions.filter(({ kind }) => kind === 'text');
  if (answers.length > texts.length)
    throw new Refusal('invalid', 'customer.answers: more than there are questions');
  for (const [index, question] of questions.entries()) {
    const answer = { name, address, text: answers[texts.indexOf(question)] }[question.kind] ?? null;
    if (question.required && answer === null)
      throw new Refusal('invalid', `questions.${index}: needs an answer`);
  }
  const answered = texts.flatMap(({ label }, index) => {
    const answer = answers[index] ?? null;
    return answer === null ? [] : [{ question: inLanguage(label, language), answer }];
  });
  return {
    customer: { name, address, language, timeZone, answers: answered, proof: proved.proof },
    consent: consent === null ? null : { version: consent.version, at: now },
  };
}

/** In the customer's own language as closely as it goes, else in English, else in whatever there is. */
function inLanguage(text: Localised, language: string | null): string {
  const [base = ''] = (language ?? '').split('-');
  const found = [language ?? '', base, 'en'].find((tag) => Object.hasOwn(text, tag));
  return (found === undefined ? Object.values(text)[0] : text[found]) ?? '';
}
