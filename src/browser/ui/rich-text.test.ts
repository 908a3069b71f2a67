import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, blocksOf } from './rich-text/blocks.ts';
import type { Inline } from './rich-text/inline.ts';
import { hasMarks } from './rich-text/marks.ts';
import { plainText } from './rich-text/plain.ts';

/** What a browser would say of the text: every character that is shown. */
function textOf(blocks: readonly Block[]): string {
  const inline = (piece: Inline): string =>
    typeof piece === 'string' ? piece : 'of' in piece ? piece.of.map(inline).join('') : piece.text;
  return blocks
    .map((block) => {
      if (block.is === 'code') return block.text;
      if (block.is === 'list') return block.items.flatMap(({ of }) => of.map(inline)).join('');
      return block.of.map(inline).join('');
    })
    .join('');
}

function linksIn(text: string, markup = false): { text: string; href: string; host: string | null }[] {
  const all = (piece: Inline): ReturnType<typeof linksIn> => {
    if (typeof piece === 'string' || piece.is === 'code') return [];
    return piece.is === 'link' ? [piece] : piece.of.flatMap(all);
  };
  return blocksOf(text, markup).flatMap((block) => ('of' in block ? block.of.flatMap(all) : []));
}

const inline = (text: string) => {
  const [block] = blocksOf(text, true);
  return block !== undefined && 'of' in block ? block.of : [];
};

/** Every element that these blocks become. */
function elementsIn(blocks: readonly Block[]): number {
  const inline = (piece: Inline): number => {
    if (typeof piece === 'string') return 0;
    return 1 + ('of' in piece ? piece.of.reduce((sum, inner) => sum + inline(inner), 0) : 0);
  };
  const all = (of: readonly Inline[]) => of.reduce((sum, piece) => sum + inline(piece), 0);
  return blocks.reduce((sum, block) => {
    if (block.is === 'list') return sum + 1 + block.items.reduce((more, { of }) => more + 1 + all(of), 0);
    return sum + 1 + ('of' in block ? all(block.of) : 0);
  }, 0);
}

test('a visitor’s text keeps every character, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => textOf(blocksOf(text, false)) === text),
    { numRuns: 500 },
  );
  const marks = ['*', '_', '`', '> ', '- ', '\n', '```', 'http://', 'https://a.b/', '(', ')', '\u202e', ' '];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...marks)),
      (parts) => textOf(blocksOf(parts.join(''), false)) === parts.join(''),
    ),
    { numRuns: 500 },
  );
});

test('http and https become links, and nothing else does', () => {
  expect(linksIn('see https://a.example/x?y=1#z and http://b.example.')).toMatchObject([
    { text: 'https://a.example/x?y=1#z', href: 'https://a.example/x?y=1#z', host: null },
    { text: 'http://b.example', href: 'http://b.example/' },
  ]);
  const dead = [
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://a.example',
    'www.a.example',
    '[click](javascript:alert(1))',
    'http://',
    'https://[not-an-address]/',
    'javascript://a.example/%0aalert(1)',
    'xhttp://a.example',
    'httpſ://a.example',
  ];
  for (const text of dead) expect([text, linksIn(text), linksIn(text, true)]).toEqual([text, [], []]);
});

test('no words stand in for an address', () => {
  expect(linksIn('[our shop](https://a.example)', true)).toMatchObject([{ text: 'https://a.example' }]);
  expect(linksIn('[https://bank.example](https://evil.example)', true)).toEqual([]);
});

test('a name before an @ would pass for the host, so there is no link', () => {
  expect(linksIn('https://bank.example@evil.example/ http://a:b@c.example')).toEqual([]);
});

test('the true host stands beside a link whose text does not show it', () => {
  expect(linksIn('https://аррӏе.com/')).toMatchObject([{ host: 'xn--80ak6aa92e.com' }]);
  expect(linksIn('http://0x7f.1/')).toMatchObject([{ host: '127.0.0.1' }]);
  expect(linksIn('http://bank.example\\@evil.example/')).toMatchObject([{ host: null }]);
  expect(linksIn('HTTP://Bank.Example:80/')).toMatchObject([{ host: null, href: 'http://bank.example/' }]);
});

test('a link ends at what is not seen, so that no change of direction turns it around', () => {
  expect(linksIn('https://a.example/\u202egpj.exe')).toMatchObject([{ text: 'https://a.example/' }]);
  expect(linksIn('https://a.example/\u200bx')).toMatchObject([{ text: 'https://a.example/' }]);
});

test('the end of a sentence is not of the address, a bracket of its own is', () => {
  const address = (text: string) => linksIn(text)[0]?.text;
  expect(address('(https://a.example/b).')).toBe('https://a.example/b');
  expect(address('https://a.example/b_(c)')).toBe('https://a.example/b_(c)');
  expect(address('“https://a.example”')).toBe('https://a.example”');
  expect(address('<https://a.example>')).toBe('https://a.example');
  expect(address('https://a.example/?!…')).toBe('https://a.example/');
});

test('bold, italic and code', () => {
  expect(inline('a **b** *c* _d_ `e*f*`')).toEqual([
    'a ',
    { is: 'strong', of: ['b'] },
    ' ',
    { is: 'em', of: ['c'] },
    ' ',
    { is: 'em', of: ['d'] },
    ' ',
    { is: 'code', text: 'e*f*' },
  ]);
  expect(inline('**a *b* c**')).toEqual([{ is: 'strong', of: ['a ', { is: 'em', of: ['b'] }, ' c'] }]);
  expect(inline('**重要**')).toEqual([{ is: 'strong', of: ['重要'] }]);
});

test('a mark that means itself stays', () => {
  for (const text of [
    '2*3*4',
    'snake_case_name',
    'a * b * c',
    '**',
    '`',
    '*open',
    'shut*',
    'a * *',
    '__',
    '``',
  ])
    expect(inline(text)).toEqual([text]);
});

test('marks close in the order in which they were opened, and within their line', () => {
  expect(inline('*a **b* c**')).toEqual([{ is: 'em', of: ['a **b'] }, ' c**']);
  expect(inline('*a\nb*')).toEqual(['*a\nb*']);
  expect(inline('_https://a.example/b_c_d_')).toMatchObject([
    { is: 'em', of: [{ is: 'link', text: 'https://a.example/b_c_d' }] },
  ]);
});

test('code blocks, quotes and lists', () => {
  const text = 'Try this:\n\n```sh\nnpm *start*\n```\n> as\n> said\n- one\n- **two**\n3. three\n\nDone';
  expect(blocksOf(text, true)).toEqual([
    { is: 'text', of: ['Try this:'] },
    { is: 'code', text: 'npm *start*' },
    { is: 'quote', of: ['as\nsaid'] },
    {
      is: 'list',
      items: [
        { number: null, of: ['one'] },
        { number: null, of: [{ is: 'strong', of: ['two'] }] },
        { number: 3, of: ['three'] },
      ],
    },
    { is: 'text', of: ['Done'] },
  ]);
});

test('staff’s text without markup keeps every character too', () => {
  for (const text of [
    'a\n\n  b  \n',
    '\n',
    ' ',
    'x\ty',
    '-1 - 2',
    '```',
    'a > b',
    '<b>bold</b>',
    '\u202eabc',
  ])
    expect(blocksOf(text, true)).toEqual([{ is: 'text', of: [text] }]);
});

// Four times as much as a message may hold: what grows by the square would not be done in time.
const size = 64 * 1024;
const hostile = [
  ...['*', '**', '_', '`', '[', '](', '>', '> ', '- ', '1. ', '\n', '```\n', '- x\n', '> x\n', '(', ')'],
  ...[
    'http://',
    'http://a ',
    'http://a(',
    'https://a.b/)',
    '`a',
    '*a ',
    ' *a',
    '*a* ',
    '**a* ',
    '_a_ `b` ',
    '\u202e',
  ],
  ...['http://a.......', '*a **b _c ', 'a* ', '``` ', '          '],
].map((part) => part.repeat(Math.ceil(size / part.length)).slice(0, size));

test.each(hostile)('64 KiB of the same take a moment and become few elements (%#)', (text) => {
  for (const markup of [false, true]) {
    const begun = performance.now();
    const blocks = blocksOf(text, markup);
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(elementsIn(blocks)).toBeLessThan(1_000);
    expect(JSON.stringify(blocks).length).toBeLessThan(10 * size);
  }
});

test('read aloud, staff’s marks are gone, and a customer’s text is what they wrote', () => {
  const text = 'We **do**:\n- one `a`\n2. *two*\n> said\n```\ncode *x*\n```\nhttps://example.com/a';
  expect(plainText(text, true)).toBe('We do:\none a\ntwo\nsaid\ncode *x*\nhttps://example.com/a');
  expect(plainText(text, false)).toBe(text);
});

test('a text without marks and addresses looks as it was sent', () => {
  const piece = fc.constantFrom(
    'a',
    ' ',
    '\n',
    '`',
    '```',
    '*',
    '**',
    '_',
    '>',
    '-',
    '•',
    '1.',
    '2)',
    'http://',
    'HTTPS://b.example',
  );
  const text = fc
    .array(fc.oneof(piece, fc.string({ unit: 'grapheme' })), { maxLength: 12 })
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, fc.boolean(), (sent, markup) => {
      fc.pre(sent !== '' && !hasMarks(sent, markup));
      expect(blocksOf(sent, markup)).toEqual([{ is: 'text', of: [sent] }]);
    }),
    { numRuns: 2_000 },
  );
});

test('a sentence of every day has no marks', () => {
  expect(hasMarks('Hello! We open at 9, see you then.', true)).toBe(false);
  expect(hasMarks('2 * 3 - 1', false)).toBe(false);
});
