/**
 * National identity numbers: by their check digits where those leave few chances, else only where a word beside the
 * number says what it is.
 */
import { luhn, mod11With10, rest, verhoeff, weighted } from './check-digits.ts';
import { apart, type Finder, isBeside } from './hits.ts';
import { marks } from '../marks.ts';

interface Identity {
  /** As it is written, from a boundary to a boundary. */
  form: string;
  /** Whether its letters and digits, without what stands between them, can be one. */
  isOne?: (number: string) => boolean;
  /** Counts only beside one of these. */
  words?: RegExp;
}

const gap = '[ .-]?';
const identities: readonly Identity[] = [
  // United States: SSN
  {
    form: `(?!000|666|9)\\d{3}${gap}(?!00)\\d\\d${gap}(?!0000)\\d{4}`,
    words: /\bssn\b|social security|sozialversicherung/i,
  },
  // United Kingdom: National Insurance number
  {
    form: `(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\\d\\d ?\\d\\d ?\\d\\d ?[A-D]`,
    words: /\bnino\b|\bni\b|national insurance/i,
  },
  // Germany: tax number, identity card
  { form: `[1-9]\\d${gap}\\d{3}${gap}\\d{3}${gap}\\d{3}`, isOne: isSteuerId },
  {
    form: '[LMNPRTVWXY][CFGHJKLMNPRTVWXYZ0-9]{8}\\d?',
    isOne: (number) => number.length < 10 || isDocument(number),
    words: /ausweis|\bperso\b|identity card|\bid card|passport|reisepass/i,
  },
  // France: NIR
  {
    form: `[1-478]${gap}\\d\\d${gap}\\d\\d${gap}(?:\\d\\d|2[AB])${gap}\\d{3}${gap}\\d{3}${gap}\\d\\d`,
    isOne: isNir,
  },
  // Italy: codice fiscale
  {
    form: '[A-Z]{6} ?[\\dL-NP-V]{2}[A-EHLMPRST][\\dL-NP-V]{2} ?[A-Z][\\dL-NP-V]{3}[A-Z]',
    isOne: isCodiceFiscale,
  },
  // Spain: DNI and NIE
  { form: `\\d{2}\\.?\\d{3}\\.?\\d{3}[ -]?[A-Z]`, isOne: isDni },
  { form: `[XYZ][ -]?\\d{7}[ -]?[A-Z]`, isOne: isDni },
  // The Netherlands: BSN
  {
    form: `\\d{4}${gap}\\d\\d${gap}\\d{3}|\\d{3}${gap}\\d{3}${gap}\\d{3}`,
    isOne: (number) => weighted(number, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
    words: /\bbsn\b|burgerservicenummer|sofi/i,
  },
  // Poland: PESEL
  { form: '\\d{11}', isOne: isPesel },
  // Sweden: personnummer
  { form: '(?:19|20)?\\d{6}[-+]\\d{4}|(?:19|20)\\d{10}', isOne: isPersonnummer },
  // India: Aadhaar
  { form: `[2-9]\\d{3}([ -])\\d{4}\\1\\d{4}`, isOne: verhoeff },
  { form: `[2-9]\\d{11}`, isOne: verhoeff, words: /aadhaar|aadhar|\buid(?:ai)?\b/i },
  // Brazil: CPF
  { form: `\\d{3}\\.?\\d{3}\\.?\\d{3}-?\\d\\d`, isOne: isCpf },
  // Canada: SIN
  {
    form: `[1-9]\\d\\d[ -]?\\d{3}[ -]?\\d{3}`,
    isOne: luhn,
    words: /\bsin\b|social insurance|assurance sociale/i,
  },
  // Belgium: rijksregisternummer
  { form: `\\d\\d\\.?\\d\\d\\.?\\d\\d[ -]?\\d{3}[ .]?\\d\\d`, isOne: isBelgian },
  // Switzerland: AHV
  {
    form: `756${gap}\\d{4}${gap}\\d{4}${gap}\\d\\d`,
    isOne: (number) => weighted(number, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
  },
  // China: resident identity
  { form: `[1-9]\\d{5}(?:19|20)\\d{9}[\\dX]`, isOne: isChinese },
];

const patterns = identities.map(({ form, ...identity }) => ({
  ...identity,
  pattern: new RegExp(String.raw`(?<![\p{L}\d+]|\d[.,-])(?:${form})(?![\p{L}\d]|[.,-]\d)`, 'giu'),
}));

export const findNationalIds: Finder = (plain) =>
  apart(
    patterns.flatMap(({ pattern, isOne = () => true, words }) =>
      [...plain.matchAll(pattern)]
        .map(({ index, 0: found }) => ({ from: index, to: index + found.length, found }))
        .filter(({ found, ...place }) => {
          const number = found.toUpperCase().replace(/[^A-Z\d]/g, '');
          return isOne(number) && (words === undefined || isBeside(plain, place, words));
        })
        .map(({ from, to }) => ({ from, to, shown: marks.nationalId })),
    ),
  );

/** Of the first ten digits one stands there two or three times, and never three times in a row. */
function isSteuerId(digits: string): boolean {
  const first = digits.slice(0, 10);
  const counts = Array.from('0123456789').map((digit) => first.split(digit).length - 1);
  const more = counts.filter((count) => count > 1);
  return more.length === 1 && (more[0] ?? 0) <= 3 && !/(\d)\1\1/.test(first) && mod11With10(digits);
}

/** ICAO 9303: weights 7, 3, 1. */
function isDocument(number: string): boolean {
  const values = Array.from(number).map((each) => Number.parseInt(each, 36));
  const sum = values.slice(0, 9).reduce((sum, value, at) => sum + value * ([7, 3, 1][at % 3] ?? 0), 0);
  return sum % 10 === values[9];
}

function isNir(number: string): boolean {
  const plain = number.replace('2A', '19').replace('2B', '18');
  return (
    97 - rest(plain.slice(0, 13), 97) === Number(plain.slice(13)) && /^.\d\d(?:0[1-9]|[1-9]\d)/.test(plain)
  );
}

const oddValues = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

function isCodiceFiscale(number: string): boolean {
  const values = Array.from(number).map((each) => (/\d/.test(each) ? Number(each) : each.charCodeAt(0) - 65));
  const sum = values
    .slice(0, 15)
    .reduce((sum, value, at) => sum + (at % 2 === 0 ? (oddValues[value] ?? 0) : value), 0);
  return sum % 26 === values[15];
}

function isDni(number: string): boolean {
  const digits = number.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(digits) % 23] === number.at(-1);
}

function isPesel(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  return isDay(month, digits.slice(4, 6)) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

/** Whoever has no number yet has a day above 60. */
function isPersonnummer(digits: string): boolean {
  const short = digits.slice(-10);
  const day = Number(short.slice(4, 6)) % 60;
  return isDay(Number(short.slice(2, 4)), String(day)) && luhn(short);
}

function isDay(month: number, day: string): boolean {
  return month >= 1 && month <= 12 && Number(day) >= 1 && Number(day) <= 31;
}

function isCpf(digits: string): boolean {
  if (/^(\d)\1*$/.test(digits)) return false;
  const sum = (length: number) =>
    weighted(
      digits,
      Array.from({ length }, (_, at) => length + 1 - at),
    );
  const last = (length: number) => ((sum(length) * 10) % 11) % 10 === Number(digits[length]);
  return last(9) && last(10);
}

function isBelgian(digits: string): boolean {
  const first = digits.slice(0, 9);
  const last = Number(digits.slice(9));
  const isBorn = isDay(Number(digits.slice(2, 4)) % 20, digits.slice(4, 6));
  return isBorn && [first, `2${first}`].some((number) => 97 - rest(number, 97) === last);
}

function isChinese(number: string): boolean {
  const sum = weighted(number, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return isDay(Number(number.slice(10, 12)), number.slice(12, 14)) && '10X98765432'[sum % 11] === number[17];
}
