/**
 * What `data.json` in a copy is (JSON Schema 2020-12). It lies in each copy beside it, and in docs/schemas. A change that
 * a reader of the one before would not understand gets another number.
 */
import { fileEnds } from '../../protocol/frames.ts';
import { maskedKinds } from '../../protocol/marks.ts';
import { requestKinds, requestLaws, requestStates } from '../../protocol/privacy.ts';
import { copyFormat } from './data.ts';

const time = {
  type: 'string',
  format: 'date-time',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
};
const orNull = (schema: { type: string }) => ({ ...schema, type: [schema.type, 'null'] });
const words = { type: 'string' };
const wordsOrNull = orNull(words);
const count = { type: 'integer', minimum: 0 };

/** An object with these fields and no others; all but the optional ones are there. */
const thing = (properties: Record<string, object>, optional: Record<string, object> = {}) => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
  additionalProperties: false,
});

const person = {
  ...thing({
    id: words,
    name: { ...wordsOrNull, description: 'What the site says that they are called.' },
    address: { ...wordsOrNull, description: 'Their e-mail address, if somebody answers for it.' },
    verified: {
      ...thing({ name: { enum: ['site', null] }, address: { enum: ['site', 'code', null] } }),
      description: 'Who answers for it: the site, or a code that was mailed to the address.',
    },
    since: { ...orNull(time), description: 'Since when more is kept of them than their conversations.' },
    seenAt: orNull(time),
    ban: { anyOf: [{ type: 'null' }, thing({ at: time, until: time })] },
    restrictedSince: {
      ...orNull(time),
      description: 'What they began until then is kept and not used, as they asked (GDPR, article 18).',
    },
  }),
  description: 'Whom the copy is about.',
};

const request = thing({
  id: words,
  kind: { enum: [...requestKinds] },
  law: { enum: [...requestLaws], description: 'By which law’s clock it is due.' },
  state: { enum: [...requestStates] },
  proof: {
    enum: ['site', 'code', 'staff'],
    description: 'How it was known who asks: by the site, by a mailed code, or by staff, who say how.',
  },
  at: { ...time, description: 'When it was asked.' },
  dueAt: time,
  extendedAt: orNull(time),
  doneAt: { ...orNull(time), description: 'When it was done or refused.' },
  wish: { ...wordsOrNull, description: 'What they said about it.' },
  how: { ...wordsOrNull, description: 'How staff knew who asks.' },
  extension: { ...wordsOrNull, description: 'Why it takes longer.' },
  answer: wordsOrNull,
});

const file = {
  ...thing(
    { id: words, bytes: count, name: wordsOrNull, mediaType: wordsOrNull },
    {
      path: { ...words, description: 'Where it lies in the copy.' },
      missing: {
        enum: ['waiting', 'blocked', 'unscanned', ...fileEnds, 'room', 'unreadable'],
        description:
          'Why it is not in the copy: it is still scanned for malware, or some was found in it, or it could not be scanned; its time was over, or it was removed; the copy had no room for it, or it could not be read.',
      },
    },
  ),
  oneOf: [{ required: ['path'] }, { required: ['missing'] }],
};

const message = thing(
  {
    number: { ...count, description: 'Its place in the conversation.' },
    id: words,
    at: time,
    by: {
      description: 'The person, or staff by the name that the conversation showed.',
      oneOf: [{ const: 'person' }, thing({ staff: wordsOrNull })],
    },
    kind: { enum: ['text', 'note', 'file'] },
    text: { ...words, description: 'As it is kept. Empty: a file, or it was removed.' },
  },
  {
    note: { ...count, description: 'A note of staff, counted from 1 behind the message of this number.' },
    masked: {
      type: 'array',
      items: { enum: [...maskedKinds] },
      description: 'What was masked in it before it was kept.',
    },
    removed: thing({ how: { enum: ['deleted', 'redacted'] }, at: time }),
    file,
  },
);

const conversation = thing(
  {
    id: words,
    startedAt: time,
    state: { enum: ['waiting', 'claimed', 'closed'] },
    page: { ...wordsOrNull, description: 'The page that they wrote from.' },
    name: { ...wordsOrNull, description: 'As they gave it, or staff wrote it there.' },
    address: wordsOrNull,
    language: { ...wordsOrNull, description: 'A language tag (BCP 47).' },
    timeZone: { ...wordsOrNull, description: 'A time zone (IANA).' },
    answers: { type: 'array', items: thing({ question: words, answer: words }) },
    consent: {
      anyOf: [
        { type: 'null' },
        thing(
          { version: words, at: time },
          { withdrawnAt: { ...time, description: 'When it was taken back.' } },
        ),
      ],
    },
    rating: {
      anyOf: [
        { type: 'null' },
        thing({ score: { type: 'integer', minimum: 1, maximum: 5 }, comment: wordsOrNull }),
      ],
    },
    messages: { type: 'array', items: message },
  },
  {
    backstage: {
      ...thing({ tags: { type: 'array', items: words }, heldSince: orNull(time) }),
      description: 'What staff keep to themselves. Their notes then stand among the messages.',
    },
  },
);

export const copySchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:sotto:copy:2',
  title: 'A copy of everything that is kept about a person',
  ...thing({
    format: { const: copyFormat },
    at: { ...time, description: 'As of when.' },
    origin: { ...words, description: 'Whose copy it is: where this Sotto runs.' },
    site: thing({ id: words, name: words }),
    backstage: { type: 'boolean', description: 'Whether what staff keep to themselves is in it.' },
    ledger: { ...words, description: 'The file with the entries of the ledger about them.' },
    person,
    requests: {
      type: 'array',
      items: request,
      description: 'What they have asked about their data, the oldest first.',
    },
    conversations: { type: 'array', items: conversation },
  }),
};
