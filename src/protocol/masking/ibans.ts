/** Account numbers after ISO 13616: each country's length, and 1 as the rest on division by 97. */
import { rest } from './check-digits.ts';
import { isGap } from './digits.ts';
import type { Finder, Hit } from './hits.ts';
import { marks } from '../marks.ts';

/**
 * Each length, and the countries in which accounts have it: from the registry of SWIFT, release 99, and those that use the
 * form without being in it.
 */
const lengths = new Map(
  (
    '15NO 16BE 18DKFIFKFOGLNLSD 19MKSI 20ATBAEEKZLTLUMNXK 21CHHRLILV 22BGBHCRDEGBGEIEMERSVA 23AEGIILIQOMSOTL ' +
    '24ADCZESMDPKROSASESKTNVG 25AOCVGWLYMZPTST 26DZIRISTR 27BICFCGCMDJFRGAGQGRITKMMCMGMRSMTD ' +
    '28ALAZBFBJBYCICYDOGTHNHULBMAMLNENIPLSNSVTG 29BREGPSQAUA 30JOKWMUYE 31MTSC 32LC 33RU'
  )
    .split(' ')
    .flatMap((each) =>
      (each.slice(2).match(/../g) ?? []).map((country) => [country, Number(each.slice(0, 2))] as const),
    ),
);

const begins = /(?:(?<![\p{L}\d])|(?<=iban))([a-z]{2})[ .-]?\d[ ]?\d/giu;

export const findIbans: Finder = (plain) => {
  const hits: Hit[] = [];
  for (const { index, 1: country = '' } of plain.matchAll(begins)) {
    const length = lengths.get(country.toUpperCase());
    const to = length === undefined ? undefined : endOf(plain, index, length);
    if (to === undefined || index < (hits.at(-1)?.to ?? 0)) continue;
    hits.push({ from: index, to, shown: marks.iban });
  }
  return hits;
};

/** Where an account number of this length that begins here ends, if it is one. */
function endOf(plain: string, from: number, length: number): number | undefined {
  let number = '';
  let at = from;
  while (number.length < length) {
    // Groups are apart from one another, and by little.
    for (let gaps = 0; gaps < 3 && number !== '' && isGap(plain[at]); gaps++) at++;
    if (!isLetterOrDigit(plain.charCodeAt(at))) return undefined;
    number += plain[at] ?? '';
    at++;
  }
  // Words have no eight digits.
  const isNumber = number.replace(/\D/g, '').length >= 8;
  const isOver = !/[\p{L}\d]/u.test(plain[at] ?? '');
  return isNumber && isOver && rest(number.slice(4) + number.slice(0, 4), 97) === 1 ? at : undefined;
}

function isLetterOrDigit(code: number): boolean {
  const small = code | 32;
  return (code >= 48 && code <= 57) || (small >= 97 && small <= 122);
}
