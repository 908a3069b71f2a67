/** Account numbers after ISO 13616: each country's length, and 1 as the rest on division by 97. */
import { rest } from './check-digits.ts';
import { isGap } from './digits.ts';
import type { Finder, Hit } from './hits.ts';
import { marks } from '../marks.ts';

/** From the registry of SWIFT, release 99, and the countries that use the form without being in it. */
const lengths = new Map(
  (
    'AD24 AE23 AL28 AO25 AT20 AZ28 BA20 BE16 BF28 BG22 BH22 BI27 BJ28 BR29 BY28 CF27 CG27 CH21 CI28 CM27 CR22 CV25 ' +
    'CY28 CZ24 DE22 DJ27 DK18 DO28 DZ26 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GA27 GB22 GE22 GI23 GL18 GQ27 GR27 GT28 ' +
    'GW25 HN28 HR21 HU28 IE22 IL23 IQ23 IR26 IS26 IT27 JO30 KM27 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MA28 ' +
    'MC27 MD24 ME22 MG27 MK19 ML28 MN20 MR27 MT31 MU30 MZ25 NE28 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SN28 SO23 ST25 SV28 TD27 TG28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((each) => [each.slice(0, 2), Number(each.slice(2))]),
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
