/** A copy as data: the JSON of `schema.ts`, in pieces. Names in it are those that its reader meets, and times are ISO 8601. */
import type { Consent, FileView, Message, Participant } from '../../protocol/frames.ts';
import { type About, type Asked, type FilesTaken, type Form, missing, type Talk } from './talk.ts';

/** The number of the form: that of the schema. */
export const copyFormat = 'sotto-copy/2';

export const dataForm: Form = {
  name: 'data.json',
  begin: (about) => `${text(headOf(about)).slice(0, -1)},"requests":[`,
  asked: (_, asked, isFirst) =>
    asked.map((each, n) => `${isFirst && n === 0 ? '' : ','}\n${text(askedOf(each))}`).join(''),
  askedEnds: () => '\n],"conversations":[\n',
  talk: (about, talk, isFirst) =>
    `${isFirst ? '' : ',\n'}${text(talkOf(about, talk)).slice(0, -1)},"messages":[`,
  messages: (_, talk, messages, files, isFirst) =>
    messages
      .map((message, n) => `${isFirst && n === 0 ? '' : ','}\n${text(messageOf(talk, message, files))}`)
      .join(''),
  talkEnds: () => ']}',
  end: () => '\n]}\n',
};

const text = (value: object) => JSON.stringify(value);
const iso = (at: number) => new Date(at).toISOString();
const isoOrNull = (at: number | null) => (at === null ? null : iso(at));

function headOf({ at, origin, site, person, backstage }: About) {
  const { id, name, address, proof, since, seenAt, ban, restrictedSince } = person;
  return {
    format: copyFormat,
    at: iso(at),
    origin,
    site,
    backstage,
    ledger: 'ledger.ndjson',
    person: {
      id,
      name,
      address,
      verified: proof,
      since: isoOrNull(since),
      seenAt: isoOrNull(seenAt),
      ban: ban && { at: iso(ban.at), until: iso(ban.until) },
      restrictedSince: isoOrNull(restrictedSince),
    },
  };
}

function askedOf(asked: Asked) {
  const { id, kind, law, state, proof, openedAt, dueAt, extendedAt, doneAt, ...words } = asked;
  const { wish, how, extension, answer } = words;
  const times = { at: iso(openedAt), dueAt: iso(dueAt), extendedAt: isoOrNull(extendedAt) };
  return { id, kind, law, state, proof, ...times, doneAt: isoOrNull(doneAt), wish, how, extension, answer };
}

function talkOf({ backstage }: About, { view }: Talk) {
  const { id, startedAt, state, page, rating, staff } = view;
  const customer = staff?.customer;
  return {
    id,
    startedAt: iso(startedAt),
    state,
    page,
    name: customer?.name ?? null,
    address: customer?.address ?? null,
    language: customer?.language ?? null,
    timeZone: customer?.timeZone ?? null,
    answers: customer?.answers ?? [],
    consent: staff?.consent ? consentOf(staff.consent) : null,
    rating,
    ...(backstage &&
      staff !== undefined && {
        backstage: { tags: staff.tags, heldSince: isoOrNull(staff.hold?.at ?? null) },
      }),
  };
}

function consentOf({ version, at, withdrawnAt }: Consent) {
  return { version, at: iso(at), ...(withdrawnAt !== undefined && { withdrawnAt: iso(withdrawnAt) }) };
}

function messageOf({ people }: Talk, message: Message, files: FilesTaken) {
  const { seq, n, id, at, from, kind, masked, removed, file } = message;
  return {
    number: seq,
    ...(n !== undefined && { note: n }),
    id,
    at: iso(at),
    by: from.kind === 'staff' ? { staff: nameOf(people, from.id) } : 'person',
    kind,
    text: message.text,
    ...(masked !== undefined && { masked }),
    ...(removed !== undefined && { removed: { how: removed.how, at: iso(removed.at) } }),
    ...(file !== undefined && { file: fileOf(file, files) }),
  };
}

/** Nobody on staff is named whom the conversation did not name. */
export function nameOf(people: readonly Participant[], id: string): string | null {
  return people.find((person) => person.id === id)?.name ?? null;
}

function fileOf(file: FileView, files: FilesTaken) {
  const { id, bytes, about } = file;
  const path = files.taken[id];
  const known = { id, bytes, name: about?.name ?? null, mediaType: about?.mediaType ?? null };
  return path === undefined ? { ...known, missing: missing(file, files) } : { ...known, path };
}
