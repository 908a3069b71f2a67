/**
 * National identity numbers: by their check digits where those leave few chances, else only where a word beside the
 * number says what it is.
 */
import { divides, leaves, luhn, mod11With10, rest, verhoeff, weighted } from './check-digits.ts';
import { apart, type Finder, isBeside } from './hits.ts';
import { marks } from '../marks.ts';

interface Identity {
  /** As it is written, from a boundary to a boundary: `#` is a digit, `_` what may stand between two groups. */
  form: string;
  /** Whether its letters and digits, without what stands between them, can be one. */
  isOne?: (number: string) => boolean;
  /** Counts only beside one of these. */
  words?: RegExp;
}

const all =
  (...sums: ((number: string) => boolean)[]) =>
  (number: string) =>
    sums.every((isRight) => isRight(number));

const identities: readonly Identity[] = [
  // United States: SSN
  {
    form: '(?!000|666|9)###_(?!00)##_(?!0000)####',
    words: /\bssn\b|social security|sozialversicherung/i,
  },
  // United Kingdom: National Insurance number
  {
    form: '(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?## ?## ?## ?[A-D]',
    words: /\bnino\b|\bni\b|national insurance/i,
  },
  // Germany: tax number, identity card
  { form: '[1-9]#_###_###_###', isOne: isSteuerId },
  {
    form: '[LMNPRTVWXY][CFGHJKLMNPRTVWXYZ0-9]{8}#?',
    // ICAO 9303
    isOne: (number) => number.length < 10 || divides('7317317319', 10)(number),
    words: /ausweis|\bperso\b|identity card|\bid card|passport|reisepass/i,
  },
  // France: NIR
  { form: '[1-478]_##_##_(?:##|2[AB])_###_###_##', isOne: isNir },
  // Italy: codice fiscale
  {
    form: '[A-Z]{6} ?[#L-NP-V]{2}[A-EHLMPRST][#L-NP-V]{2} ?[A-Z][#L-NP-V]{3}[A-Z]',
    isOne: isCodiceFiscale,
  },
  // Spain: DNI and NIE
  { form: '(?:##[.]?###[.]?###|[XYZ][ -]?#{7})[ -]?[A-Z]', isOne: isDni },
  // The Netherlands: BSN
  {
    form: '####_##_###|###_###_###',
    isOne: divides('98765432a', 11),
    words: /\bbsn\b|burgerservicenummer|sofi/i,
  },
  // Poland: PESEL
  { form: '#{11}', isOne: all(divides('13791379131', 10), (digits) => isBorn(digits, 2, 20)) },
  // Sweden: personnummer; whoever has no number yet has a day above 60
  {
    form: '(?:19|20)?#{6}[-+]####|(?:19|20)#{10}',
    isOne: (digits) => luhn(digits.slice(-10)) && isBorn(digits.slice(-8), 0, 100, 60),
  },
  // India: Aadhaar
  { form: '[2-9]###([ -])####\\1####', isOne: verhoeff },
  { form: '[2-9]#{11}', isOne: verhoeff, words: /aadhaar|aadhar|\buid(?:ai)?\b/i },
  // Brazil: CPF
  {
    form: '###[.]?###[.]?###-?##',
    isOne: all(leaves('123456789'), leaves('0123456789'), (digits) => !/^(\d)\1*$/.test(digits)),
  },
  // Canada: SIN
  {
    form: '[1-9]##[ -]?###[ -]?###',
    isOne: luhn,
    words: /\bsin\b|social insurance|assurance sociale/i,
  },
  // Belgium: rijksregisternummer
  { form: '##[.]?##[.]?##[ -]?###[ .]?##', isOne: isBelgian },
  // Switzerland: AHV
  { form: '756_####_####_##', isOne: divides('1313131313131', 10) },
  // China: resident identity
  { form: '[1-9]#{5}(?:19|20)#{9}[#X]', isOne: isChinese },
  // Japan: My Number
  {
    form: '####_####_####',
    isOne: leaves('56789456789'),
    words: /my ?number|マイナンバー|個人番号/i,
  },
  // South Korea: resident registration; what was given out since October 2020 has no check digit
  { form: '#{6}-[1-8]#{6}', isOne: isKorean },
  {
    form: '#{6}-?[1-8]#{6}',
    isOne: isBorn,
    words: /\brrn\b|주민/i,
  },
  // Russia: SNILS; INN of a person
  { form: '###_###_###_##', isOne: leaves('987654321', 101), words: /снилс|snils/i },
  { form: '#{12}', isOne: all(leaves('724a359468'), leaves('3724a359468')), words: /инн|\binn\b/i },
  // Turkey: T.C. Kimlik
  {
    form: '[1-9]#{10}',
    isOne: all(divides('7979797979', 10), divides('11111111119', 10)),
    words: /kimlik|\btc\b|tckn/i,
  },
  // Mexico: CURP
  { form: '[A-Z][AEIOUX][A-Z]{2}#{6}[HMX][A-Z]{5}[A-Z#]#', isOne: isCurp },
  // South Africa: identity number
  { form: '#{6} ?#### ?[0-2][89]#', isOne: all(luhn, isBorn) },
  // Australia: TFN
  { form: '###_###_###', isOne: divides('14375869a', 11), words: /\btfn\b|tax file/i },
];

// Chinese, Japanese and Korean put no space between a word and a number.
const letter = String.raw`(?![\u2e80-\uffff])\p{L}`;
const written = (form: string) => form.replaceAll('#', String.raw`\d`).replaceAll('_', '[ .-]?');

const patterns = identities.map(({ form, ...identity }) => ({
  ...identity,
  pattern: new RegExp(
    String.raw`(?<!${letter}|[\d+]|\d[.,-])(?:${written(form)})(?!${letter}|\d|[.,-]\d)`,
    'giu',
  ),
}));

export const findNationalIds: Finder = (plain) =>
  apart(
    patterns.flatMap(({ pattern, isOne = () => true, words }) =>
      [...plain.matchAll(pattern)].flatMap(({ index: from, 0: found }) => {
        const hit = { from, to: from + found.length, shown: marks.nationalId };
        const number = found.toUpperCase().replace(/[^A-Z\d]/g, '');
        return isOne(number) && (words === undefined || isBeside(plain, hit, words)) ? [hit] : [];
      }),
    ),
  );

/** Of the first ten digits one stands there two or three times, and never three times in a row. */
function isSteuerId(digits: string): boolean {
  const first = digits.slice(0, 10);
  const [more = '', ...others] =
    Array.from(first)
      .sort()
      .join('')
      .match(/(\d)\1+/g) ?? [];
  return /^..?.?$/.test(more) && others.length === 0 && !/(\d)\1\1/.test(first) && mod11With10(digits);
}

function isNir(number: string): boolean {
  const plain = number.replace('2A', '19').replace('2B', '18');
  return 97 - rest(plain.slice(0, 13), 97) === Number(plain.slice(13)) && plain.slice(3, 5) > '00';
}

/** Letters count as their place in the alphabet, and in every other place as it says here. */
function isCodiceFiscale(number: string): boolean {
  const values = Array.from(number).map((each) => {
    const value = Number.parseInt(each, 36);
    return value > 9 ? value - 10 : value;
  });
  const sum = values
    .slice(0, 15)
    .reduce(
      (sum, value, at) =>
        sum + (at % 2 === 0 ? Number.parseInt('10579dfhjl24ikb368cegampon'.charAt(value), 36) : value),
      0,
    );
  return sum % 26 === values[15];
}

function isDni(number: string): boolean {
  const digits = number.slice(0, -1).replace(/^[XYZ]/, (letter) => `${Number.parseInt(letter, 36) - 33}`);
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(digits) % 23] === number.at(-1);
}

function isBelgian(digits: string): boolean {
  const first = digits.slice(0, 9);
  const last = Number(digits.slice(9));
  return isBorn(digits, 2, 20) && [first, `2${first}`].some((number) => 97 - rest(number, 97) === last);
}

function isChinese(number: string): boolean {
  const sum = weighted(number, '79a584216379a5842');
  return isBorn(number, 10) && '10X98765432'[sum % 11] === number[17];
}

function isKorean(digits: string): boolean {
  return isBorn(digits) && (11 - (weighted(digits, '234567892345') % 11)) % 10 === Number(digits[12]);
}

/** Each letter behind N counts one more, as an Ñ stands there. */
function isCurp(number: string): boolean {
  const sum = Array.from(number).reduce((sum, each, at) => {
    const value = Number.parseInt(each, 36);
    return sum + (value > 23 ? value + 1 : value) * (18 - at);
  }, 0);
  return sum % 10 === 0 && isBorn(number, 6);
}

/** A month and a day of it stand from this place on, to which something may be added. */
function isBorn(number: string, at = 2, months = 100, days = 100): boolean {
  const month = Number(number.slice(at, at + 2)) % months;
  const day = Number(number.slice(at + 2, at + 4)) % days;
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}
