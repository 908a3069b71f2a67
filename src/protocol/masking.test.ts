import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskedIn, maskedKinds } from './marks.ts';
import { findSensitive, masked } from './masking.ts';
import { everyday, hostile, sensitive } from './masking-texts.ts';

const all = (text: string) => masked(text, maskedKinds).text;

describe('cards', () => {
  it.each([
    ['4111 1111 1111 1111', '•••• •••• •••• 1111'],
    ['my amex is 3782-822463-10005 1234', 'my amex is •••• •••• •••• 0005 [••• cvc]'],
    ['4222222222222', '4222222222222'],
    ['visa 4222222222222', 'visa •••• •••• •••• 2222'],
    ['+4111 1111 1111 1111', '+•••• •••• •••• 1111'],
    ['Nr. 1234 4111 1111 1111 1111 12/27 737 please', 'Nr. 1234 •••• •••• •••• 1111 12/27 [••• cvc] please'],
  ])('D1 %s', (text, expected) => {
    expect(all(text)).toBe(expected);
  });

  it('D1 of a card at most its last four digits stay, and of a security code none', () => {
    for (const { text } of sensitive.filter(({ sensitive }) =>
      sensitive.every(({ kind }) => kind === 'card'),
    )) {
      const left = all(text)
        .normalize('NFKC')
        .replace(/\b(?:0[1-9]|1[0-2])\/(?:20)?\d\d\b/g, '');
      expect(left.match(/\p{Nd}/gu)?.length ?? 0, text).toBeLessThanOrEqual(4);
    }
  });
});

describe('other kinds', () => {
  it.each([
    ['to gb29 nwbk 6016 1331 9268 19 please', 'to [••• iban] please'],
    ['My SSN: 885-34-6895', 'My SSN: [••• id]'],
    ['885-34-6895', '885-34-6895'],
  ])('D2 %s', (text, expected) => {
    expect(all(text)).toBe(expected);
  });

  it.each([
    ['https://bob:hunter2@example.com/', 'https://bob:[••• secret]@example.com/'],
    ['Authorization: Bearer abcdefgh12345678', 'Authorization: Bearer [••• secret]'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nBye', '[••• secret]\nBye'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE and no end', '[••• secret]'],
    ['Passwort: 4111 1111 1111 1111', 'Passwort: •••• •••• •••• 1111'],
  ])('D3 %s', (text, expected) => {
    expect(all(text)).toBe(expected);
  });

  it('D2 words of health and other special categories are found, and never masked', () => {
    const text = 'Seit meiner Diagnose nehme ich Antidepressiva; I am pregnant.';
    const found = findSensitive(text, ['special']).map(({ from, to }) => text.slice(from, to));
    expect(found).toEqual(['Diagnose', 'Antidepressiva', 'pregnant']);
    expect(all(text)).toBe(text);
  });

  it('D6 what is not asked for is left alone', () => {
    for (const { text } of sensitive) expect(masked(text, [])).toEqual({ text, found: [] });
    expect(masked('4111111111111111, pin 1234', ['secret']).text).toBe('4111111111111111, pin [••• secret]');
  });
});

describe('masking again', () => {
  const words = [...sensitive.map(({ text }) => text), ...everyday.slice(0, 60)];
  const odd = [
    '•••• •••• •••• 1111',
    '[••• secret]',
    '[••• id]',
    '••',
    ' ',
    '\n',
    '4',
    '11',
    'password is ',
    ': ',
    '"',
    '\u200b',
    'DE',
    '-',
    '😀',
  ];
  const piece = fc.oneof(
    fc.constantFrom(...words),
    fc.constantFrom(...odd),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

  it('D7 changes nothing, whatever the text', () => {
    fc.assert(
      fc.property(text, fc.subarray([...maskedKinds]), (text, kinds) => {
        const once = masked(text, kinds).text;
        expect(masked(once, kinds)).toEqual({ text: once, found: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('D5 the marks say which kinds were masked', () => {
    fc.assert(
      fc.property(text, (text) => {
        const { text: once, found } = masked(text, maskedKinds);
        expect(maskedIn(once)).toEqual(expect.arrayContaining(found));
      }),
    );
    expect(maskedIn('nothing here •')).toEqual([]);
  });
});

describe('however it is written', () => {
  const write = (text: string, zero: number) =>
    text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
  it.each([
    ['full width', write('4111111111111111', 0xff10)],
    ['Arabic-Indic', write('4111 1111 1111 1111', 0x660)],
    ['Devanagari', write('4111111111111111', 0x966)],
    ['mathematical', write('4111111111111111', 0x1d7f6)],
    ['zero width', Array.from('4111111111111111').join('\u200d')],
    ['soft hyphens', '4111\u00ad1111\u00ad1111\u00ad1111'],
    ['no-break spaces', '4111\u00a01111\u202f1111\u20071111'],
    ['struck through', Array.from('4111111111111111').join('\u0336')],
    [
      'keycaps',
      Array.from('4111111111111111')
        .map((digit) => `${digit}\ufe0f\u20e3`)
        .join(''),
    ],
  ])('D7 %s', (_, card) => {
    expect(all(`a ${card} b`).replace(/[\u0336\ufe0f\u20e3]/g, '')).toBe('a •••• •••• •••• 1111 b');
  });
});

describe('a text that tries to make looking slow', () => {
  // The longest message, and eight times that: what goes over a text a bounded number of times takes about eight times as
  // long, what grows with its square 64 times. What takes a moment is not told from the machine's own noise, and what was
  // disturbed is looked at again.
  const short = 16 * 1_024;
  const moment = 1;
  const most = 20;
  const kinds = [...maskedKinds, 'special'] as const;
  const parts = Object.values(hostile).flat();
  const repeated = (part: string, length: number) =>
    part.repeat(Math.ceil(length / part.length)).slice(0, length);
  const took = (look: () => unknown) => {
    const before = process.cpuUsage();
    look();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  it.each(parts)('D9 %j over and over takes as much longer as it is longer', { timeout: 60_000 }, (part) => {
    const [once, eightTimes] = [repeated(part, short), repeated(part, 8 * short)];
    expect(
      findSensitive(eightTimes, kinds).every(({ from, to }) => from < to && to <= eightTimes.length),
    ).toBe(true);
    for (const kind of kinds) {
      let growth = Infinity;
      for (let tries = 0; growth >= most && tries < 5; tries++) {
        const first = took(() => findSensitive(once, [kind]));
        growth = Math.min(growth, took(() => findSensitive(eightTimes, [kind])) / Math.max(moment, first));
      }
      expect(growth, kind).toBeLessThan(most);
    }
  });
});
