import { Validator } from '@cfworker/json-schema';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConversationView, Message } from '../../protocol/frames.ts';
import { newId } from '../../protocol/ids.ts';
import { requestKinds } from '../../protocol/privacy.ts';
import { dataForm } from './data.ts';
import { pageForm } from './page.ts';
import { hasRoom, pathOf } from './rules.ts';
import { copySchema } from './schema.ts';
import type { About, Asked, FilesTaken, Form, Talk } from './talk.ts';
import { limits } from '../../protocol/limits.ts';

const at = Date.UTC(2026, 10, 28, 4);
/** What breaks out of what it stands in, if anything does. */
const tricky = [
  '"quoted" \\ and \'quoted\' </script><script>alert(1)</script>',
  'مرحبا \u202eturned\u202c around',
  '👩‍👩‍👧 family',
  'half \ud83d of a pair',
  '=HYPERLINK("http://evil.example")',
  '<img src=x onerror=alert(1)> &amp; --> ]]>',
  'nothing\u0000 to\u001b see\u0085 here\ufffe',
  'two\n  lines\tand  spaces ',
];
const site = { id: newId('site'), name: 'Shop <b>& Söhne</b>' };
const [visitor, anna, hidden] = [newId('visitor'), newId('person'), newId('person')];
const about: About = {
  at,
  origin: 'https://chat.example.com',
  site,
  person: {
    ...{ id: visitor, name: tricky[0] ?? '', address: 'kim@example.com', since: at, seenAt: at },
    proof: { name: 'site', address: 'code' },
    ban: { at, until: at + 1 },
    restrictedSince: at,
  },
  backstage: false,
  language: 'de-AT',
};

const asked: Asked[] = tricky.map((text, n) => ({
  ...{ id: newId('request'), kind: requestKinds[n % requestKinds.length] ?? 'access', law: 'ccpa' },
  ...{ state: n % 2 === 0 ? 'open' : 'refused', proof: n % 2 === 0 ? 'code' : 'staff' },
  ...{ openedAt: at, dueAt: at + n, extendedAt: null, doneAt: n % 2 === 0 ? null : at + n },
  ...{ wish: text, how: n % 2 === 0 ? null : text, extension: null, answer: text },
}));

const view: ConversationView = {
  ...{ id: newId('conversation'), site: site.id, state: 'closed', assignee: anna, startedAt: at },
  page: 'https://shop.example/<script>',
  rating: { score: 4, comment: tricky[5] ?? '' },
  staff: {
    ...{ team: newId('team'), visitor, tags: ['a secret tag'], snoozedUntil: null, hold: { by: hidden, at } },
    customer: {
      ...{ name: tricky[1] ?? '', address: null, language: 'de-AT', timeZone: 'Europe/Vienna' },
      answers: tricky.map((text) => ({ question: text, answer: text })),
    },
    consent: { version: '1.0', at, withdrawnAt: at + 1 },
  },
};
const talk: Talk = { view, people: [{ id: anna, name: 'Anna' }] };
const file = { id: newId('file'), bytes: 1234, state: 'clean', until: at } as const;
const known = { mediaType: 'text/plain', group: 'text' as const, shown: true, sensitive: [], secrets: false };
const said = (seq: number, text: string, more: Partial<Message> = {}): Message => ({
  ...{ seq, id: crypto.randomUUID(), at, kind: 'text', scheme: 1, text },
  from: { kind: 'visitor', id: visitor },
  ...more,
});
const messages = [
  ...tricky.map((text, n) => said(n + 1, text)),
  said(9, '', { removed: { how: 'redacted', at } }),
  said(10, 'Hello', { from: { kind: 'staff', id: anna }, masked: ['card', 'secret'] }),
  said(11, '', { kind: 'file', file: { ...file, about: { ...known, name: 'Grüße & <b>.txt' } } }),
  said(12, '', {
    kind: 'file',
    file: { ...file, id: newId('file'), state: 'gone', end: 'removed', about: null },
  }),
  said(13, '', {
    kind: 'file',
    file: { ...file, id: newId('file'), state: 'waiting', about: { ...known, name: 'b' } },
  }),
  said(14, 'from somebody unseen', { from: { kind: 'staff', id: hidden } }),
];
const path = pathOf(view.id, 11, 'Grüße & <b>.txt');
const files: FilesTaken = { taken: { [file.id]: path }, left: {} };

/** In pieces of three messages, and an empty one: a conversation may end where a page does. */
function whole(form: Form, tells: About = about): string {
  const pages = Array.from({ length: Math.ceil(messages.length / 3) }, (_, n) =>
    messages.slice(3 * n, 3 * n + 3),
  );
  const talked = (isFirst: boolean) =>
    form.talk(tells, talk, isFirst) +
    [...pages, []].map((page, n) => form.messages(tells, talk, page, files, n === 0)).join('') +
    form.talkEnds();
  const all = [asked.slice(0, 3), asked.slice(3), []];
  const askedFor = all.map((page, n) => form.asked(tells, page, n === 0)).join('') + form.askedEnds(tells);
  return form.begin(tells) + askedFor + talked(true) + talked(false) + form.end(tells);
}

type Data = { person: object; requests: object[]; conversations: { messages: Record<string, unknown>[] }[] };
const validator = new Validator(copySchema as never, '2020-12', false);

describe('D32 a copy as data', () => {
  it('is what its schema says, whatever was written, and has every text as it was', () => {
    for (const backstage of [false, true]) {
      const data = JSON.parse(whole(dataForm, { ...about, backstage })) as Data;
      expect(validator.validate(data).errors).toEqual([]);
      const told = data.conversations.map((each) => each.messages.map(({ text }) => text));
      expect(told).toEqual([messages, messages].map((each) => each.map(({ text }) => text)));
      expect(JSON.stringify(data).includes('a secret tag')).toBe(backstage);
    }
    const nothing = dataForm.asked(about, [], true) + dataForm.askedEnds(about);
    const none = JSON.parse(dataForm.begin(about) + nothing + dataForm.end(about)) as Data;
    expect(validator.validate(none).valid).toBe(true);
  });

  it('D90 tells what they asked, in whose words and with which answer, and that their data are restricted', () => {
    const data = JSON.parse(whole(dataForm)) as Data;
    const told = asked.map(({ id, kind, state, wish, how, answer }) => ({
      id,
      kind,
      state,
      wish,
      how,
      answer,
    }));
    expect(data.requests).toMatchObject(told);
    expect(data.person).toMatchObject({ restrictedSince: new Date(at).toISOString() });
    const page = whole(pageForm, { ...about, language: null });
    for (const { id } of asked) expect(page).toContain(`<h3 id="${id}">`);
    expect(page.match(/How it was known that it is you/g)).toHaveLength(asked.length);
    expect(page).toContain('Kept and not used, of what was begun until');
    expect(pageForm.asked(about, [], true)).toContain('Sie haben nichts verlangt.');
  });

  it('names staff whom the conversation named, says where each file is or why it is not', () => {
    const [talked] = (JSON.parse(whole(dataForm)) as Data).conversations;
    const by = (number: number) => talked?.messages.find((each) => each['number'] === number);
    expect(by(10)).toMatchObject({ by: { staff: 'Anna' }, masked: ['card', 'secret'] });
    expect(by(14)).toMatchObject({ by: { staff: null } });
    expect(by(11)).toMatchObject({ file: { path, name: 'Grüße & <b>.txt' } });
    expect(by(12)).toMatchObject({ file: { missing: 'removed', name: null } });
    expect(by(13)).toMatchObject({ file: { missing: 'waiting' } });
    expect(whole(dataForm)).not.toContain(hidden);
  });

  it('has a schema that is strict, and published as it is', () => {
    const data = JSON.parse(whole(dataForm)) as Record<string, unknown>;
    expect(validator.validate({ ...data, more: 1 }).valid).toBe(false);
    expect(validator.validate({ ...data, at: 'yesterday' }).valid).toBe(false);
    const published = readFileSync('docs/schemas/copy-2.schema.json', 'utf8');
    expect(JSON.parse(published)).toEqual(copySchema);
  });
});

describe('D33 a copy to be read', () => {
  it('runs nothing and asks nobody for anything, whatever was written', () => {
    const page = whole(pageForm);
    expect(
      page.match(/<[a-z!/][^>]*>/gi)?.filter((tag) => /^<(?:script|img|iframe|object|base|form)/i.test(tag)),
    ).toEqual([]);
    expect(page).toContain("default-src 'none'");
    // Nothing but our own tags: every other sign of one was written as text.
    const ours =
      /^<\/?(?:!doctype|html|head|meta|title|style|body|header|main|section|footer|h1|h2|h3|p|b|a|dl|dt|dd|ol|li|time)\b/i;
    expect(page.match(/<[^>]*>/g)?.filter((tag) => !ours.test(tag))).toEqual([]);
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt; &amp;amp; --&gt; ]]&gt;');
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe]/);
    expect(page.isWellFormed()).toBe(true);
  });

  it('speaks the language of whoever it is about, and leads to what lies beside it', () => {
    expect(whole(pageForm)).toContain('<html lang="de">');
    expect(whole(pageForm, { ...about, language: 'fr' })).toContain('<html lang="en">');
    const arabic = whole(pageForm, { ...about, language: 'ar-EG' });
    expect(arabic).toContain('<html lang="ar" dir="rtl">');
    expect(arabic).toContain('<h2>المحادثات</h2>');
    expect(arabic).not.toMatch(/Conversations|Not known|Nicht in dieser Kopie|Not in this copy/);
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    expect(whole(pageForm)).toContain(`<a href="${encoded}" dir="auto">Grüße &amp; &lt;b&gt;.txt</a>`);
    expect(whole(pageForm)).not.toContain('a secret tag');
    expect(whole(pageForm, { ...about, backstage: true })).toContain('a secret tag');
  });
});

describe('D31 the files of a copy', () => {
  it('lie under names for any system', () => {
    const id = newId('conversation');
    expect(pathOf(id, 3, 'con.txt')).toBe(`files/${id}/3 _con.txt`);
    expect(pathOf(id, 3, '../../etc/passwd\u202e')).toBe(`files/${id}/3 passwd`);
  });

  it('are as many and as large as there is room for', () => {
    expect(hasRoom({ bytes: 1 }, limits.copyFiles - 1, limits.copyBytes - 1)).toBe(true);
    expect(hasRoom({ bytes: 1 }, limits.copyFiles, 0)).toBe(false);
    expect(hasRoom({ bytes: 2 }, 0, limits.copyBytes - 1)).toBe(false);
  });
});
