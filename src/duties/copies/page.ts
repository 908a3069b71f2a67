/** A copy to be read and printed: one page that brings everything along, runs nothing and asks nobody for anything. */
import type { Consent, FileView, Message } from '../../protocol/frames.ts';
import { dataForm, nameOf } from './data.ts';
import { pageLanguage, type PageWords, pageWords } from './page-words.ts';
import { type About, type Asked, type FilesTaken, type Form, missing, type Talk } from './talk.ts';

export const pageForm: Form = {
  name: 'index.html',
  begin: (about) => headOf(about),
  asked: (about, asked, isFirst) =>
    isFirst && asked.length === 0
      ? `<p>${wordsFor(about).noRequests}</p>\n`
      : asked.map((each) => askedOf(about, each)).join(''),
  askedEnds: (about) => `<h2>${wordsFor(about).conversations}</h2>\n`,
  talk: (about, talk) => talkHead(about, talk),
  messages: (about, talk, messages, files) =>
    messages.map((message) => lineOf(about, talk, message, files)).join(''),
  talkEnds: () => '</ol>\n</section>\n',
  end: (about) => `</main>\n<footer><p>${wordsFor(about).end}</p></footer>\n</body>\n</html>\n`,
};

export const ledgerFile = 'ledger.ndjson';

const style = `
:root { color-scheme: light dark; background: Canvas; color: CanvasText; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem 1rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.25rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; white-space: pre-wrap; }
ol { list-style: none; padding: 0; }
li { border-inline-start: 0.25rem solid; margin: 0.75rem 0; padding-inline-start: 0.75rem; break-inside: avoid; }
li.staff { border-inline-start-style: double; }
li.note { border-inline-start-style: dotted; }
li p { margin: 0; }
.said { white-space: pre-wrap; }
h2 { break-after: avoid; margin-block-start: 2.5rem; }
h3 { break-after: avoid; }
@media print {
  :root { color-scheme: only light; }
  body { max-width: none; padding: 0; }
  a { color: inherit; }
}
`;

function headOf(about: About): string {
  const { at, site, person, backstage } = about;
  const words = wordsFor(about);
  const title = escaped(words.title(site.name));
  const byWhom = { site: words.bySite(site.name), code: words.byCode };
  const known = (value: string | null, by: 'site' | 'code' | null) =>
    value === null || by === null ? null : `${value} (${byWhom[by]})`;
  const { ban } = person;
  return `<!doctype html>
<html lang="${pageLanguage(about.language)}"${words === pageWords.ar ? ' dir="rtl"' : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1 dir="auto">${title}</h1>
<p>${escaped(words.intro(when(about, at)))}</p>
${backstage ? `<p>${words.backstage}</p>\n` : ''}<p>${words.alike} ${link(dataForm.name)}</p>
<p>${words.ledger} ${link(ledgerFile)}</p>
</header>
<main>
<section aria-labelledby="person">
<h2 id="person">${words.person}</h2>
${listOf([
  [words.name, known(person.name, person.proof.name) ?? words.unknown],
  [words.address, known(person.address, person.proof.address) ?? words.unknown],
  [words.number, person.id],
  [words.since, person.since === null ? null : when(about, person.since)],
  [words.seenAt, person.seenAt === null ? null : when(about, person.seenAt)],
  [words.ban, ban && words.span(when(about, ban.at), when(about, ban.until))],
  [words.restricted, person.restrictedSince === null ? null : when(about, person.restrictedSince)],
])}</section>
<h2>${words.requests}</h2>
`;
}

function askedOf(about: About, asked: Asked): string {
  const words = wordsFor(about);
  const { id, kind, law, state, proof, openedAt, dueAt, extendedAt, doneAt } = asked;
  return `<section aria-labelledby="${escaped(id)}">
<h3 id="${escaped(id)}">${words.asked[kind]}</h3>
${listOf([
  [words.number, id],
  [words.askedAt, when(about, openedAt)],
  [words.proof, asked.how ?? words.proofs[proof]],
  [words.law, law.toUpperCase()],
  [words.wish, asked.wish],
  [words.state, words.requestStates[state]],
  [words.dueAt, when(about, dueAt)],
  [words.extendedAt, extendedAt === null ? null : when(about, extendedAt)],
  [words.extension, asked.extension],
  [words.doneAt, doneAt === null ? null : when(about, doneAt)],
  [words.answer, asked.answer],
])}</section>
`;
}

function talkHead(about: About, { view }: Talk): string {
  const words = wordsFor(about);
  const { id, startedAt, state, page, rating, staff } = view;
  const customer = staff?.customer;
  const consent = staff?.consent;
  const backstage = about.backstage ? staff : undefined;
  return `<section aria-labelledby="${escaped(id)}">
<h3 id="${escaped(id)}">${escaped(words.talk(when(about, startedAt)))}</h3>
${listOf([
  [words.number, id],
  [words.state, words.states[state]],
  [words.name, customer?.name ?? null],
  [words.address, customer?.address ?? null],
  [words.page, page],
  [words.language, customer?.language ?? null],
  [words.timeZone, customer?.timeZone ?? null],
  ...(customer?.answers ?? []).map(({ question, answer }) => [question, answer] as const),
  [words.consent, consent ? consentOf(about, consent) : null],
  [
    words.rating,
    rating && `${words.rated(rating.score)}${rating.comment === null ? '' : `: ${rating.comment}`}`,
  ],
  [words.tags, backstage === undefined || backstage.tags.length === 0 ? null : backstage.tags.join(', ')],
  [words.heldSince, backstage?.hold ? when(about, backstage.hold.at) : null],
])}<ol>
`;
}

function consentOf(about: About, { version, at, withdrawnAt }: Consent): string {
  const words = wordsFor(about);
  const given = words.consented(version, when(about, at));
  return withdrawnAt === undefined ? given : `${given}, ${words.withdrawn(when(about, withdrawnAt))}`;
}

function lineOf(about: About, { people }: Talk, message: Message, files: FilesTaken): string {
  const words = wordsFor(about);
  const { at, from, kind, removed, masked = [], file } = message;
  const staff = nameOf(people, from.id) ?? words.staff;
  const who = from.kind === 'visitor' ? words.you : kind === 'note' ? words.note(staff) : staff;
  const role = kind === 'note' ? 'note' : from.kind === 'visitor' ? 'person' : 'staff';
  const kinds = masked.map((each) => words.kinds[each]).join(', ');
  const said = removed
    ? `<p>${words[removed.how]}</p>`
    : file
      ? fileLine(about, file, files)
      : `<p class="said" dir="auto">${escaped(message.text)}</p>`;
  return `<li class="${role}">
<p><b dir="auto">${escaped(who)}</b> <time datetime="${new Date(at).toISOString()}">${escaped(when(about, at))}</time></p>
${said}
${kinds === '' ? '' : `<p>${words.masked} ${kinds}</p>\n`}</li>
`;
}

function fileLine(about: About, file: FileView, files: FilesTaken): string {
  const words = wordsFor(about);
  const path = files.taken[file.id];
  const name = file.about?.name ?? words.file;
  const bytes = words.bytes(new Intl.NumberFormat(pageLanguage(about.language)).format(file.bytes));
  return path === undefined
    ? `<p dir="auto">${escaped(name)} (${bytes})</p>\n<p>${words.missing[missing(file, files)]}</p>`
    : `<p>${link(path, file.about?.name ?? path)} (${bytes})</p>`;
}

function wordsFor({ language }: About): PageWords {
  return pageWords[pageLanguage(language)];
}

function when({ language }: About, at: number): string {
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(pageLanguage(language), format).format(at);
}

/** What is not known is left out. */
function listOf(lines: readonly (readonly [name: string, value: string | null])[]): string {
  const shown = lines.filter((line): line is readonly [string, string] => line[1] !== null);
  const each = shown.map(
    ([name, value]) => `<dt dir="auto">${escaped(name)}</dt><dd dir="auto">${escaped(value)}</dd>\n`,
  );
  return `<dl>\n${each.join('')}</dl>\n`;
}

/** To what lies beside this page. */
function link(path: string, name = path): string {
  const address = path.split('/').map(encodeURIComponent).join('/');
  return `<a href="${escaped(address)}" dir="auto">${escaped(name)}</a>`;
}

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** As text, whatever it is: also what no page may hold (HTML, 13.2.3.5) is only shown to have been there. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"']/g, (sign) => signs[sign] ?? sign)
    .replace(/[^\P{Cc}\t\n]|\p{Noncharacter_Code_Point}/gu, '\ufffd');
}
