/** Cards by their networks' ranges and lengths (ISO/IEC 7812) with a right check digit, and their security codes. */
import { luhn } from './check-digits.ts';
import { chainsIn, type Group, type Run, runsFrom } from './digits.ts';
import { apart, type Finder, type Hit, isBeside, valueOf } from './hits.ts';
import { cardMark, marks } from '../marks.ts';

/** `sure`: lengths that need nothing else; `named`: those that are a card's where the text speaks of one. */
interface Range {
  begins: RegExp;
  sure: readonly number[];
  named?: readonly number[];
}

const long = [16, 17, 18, 19];
const ranges: readonly Range[] = [
  // Visa; thirteen digits are those of many articles too.
  { begins: /^4/, sure: [16, 19], named: [13] },
  // Mastercard
  { begins: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, sure: [16] },
  // American Express, Diners Club, JCB
  { begins: /^3[47]/, sure: [15] },
  { begins: /^(?:30[0-59]|3[689])/, sure: [14, ...long] },
  { begins: /^35(?:2[89]|[3-8])/, sure: long },
  { begins: /^(?:2131|1800)/, sure: [15] },
  // Maestro, Discover, UnionPay, RuPay, Elo, Hipercard, Verve, Dankort: shorter ones are the length of telephone numbers.
  { begins: /^(?:5[06-9]|6|8[12])/, sure: long, named: [12, 13, 14, 15] },
  // Mir, Borica; Troy, Napas, Humo, Uzcard
  { begins: /^220[0-5]/, sure: long },
  { begins: /^(?:9792|9704|9860|8600)/, sure: [16, 19] },
  // UATP
  { begins: /^1/, sure: [], named: [15] },
];

const cardWords =
  /card|karte|carte|tarjeta|cart[ãa]o|kaart|karta|visa|maestro|master|amex|american express|uatp|credit|debit|kredit/i;
/** The usual lengths first: what follows them may be the security code. */
const preferred = [16, 15, 14, 19, 18, 17, 13, 12];

export const findCards: Finder = (plain) => {
  const hits: Hit[] = [];
  for (const chain of chainsIn(plain)) {
    for (let first = 0; first < chain.length; first++) {
      const card = cardFrom(plain, chain, first);
      if (card === undefined) continue;
      const { from, to, digits } = card;
      hits.push({ from, to, shown: cardMark(digits.slice(-4)) }, ...codeBehind(plain, card));
      first = card.behind - 1;
    }
  }
  return apart([...hits, ...namedCodes(plain)]);
};

function cardFrom(plain: string, chain: readonly Group[], first: number): Run | undefined {
  const group = chain[first];
  if (group === undefined || !mayBegin(group, first, chain)) return undefined;
  return runsFrom(chain, first, 12, 19)
    .sort((one, other) => preferred.indexOf(one.digits.length) - preferred.indexOf(other.digits.length))
    .find((run) => isCard(plain, run));
}

/** None begins with 0 or 7. Digits that stand alone or in pairs are one number only if nothing else is near them. */
function mayBegin({ digits }: Group, first: number, chain: readonly Group[]): boolean {
  if (digits.startsWith('0') || digits.startsWith('7')) return false;
  return digits.length > 2 || (first === 0 && chain.length <= 19);
}

function isCard(plain: string, run: Run): boolean {
  const { digits, from, to } = run;
  const mine = ranges.filter(({ begins }) => begins.test(digits));
  const isSure = mine.some(({ sure }) => sure.includes(digits.length));
  const isNamed = mine.some(({ named = [] }) => named.includes(digits.length));
  if (!(isSure || isNamed) || !isGrouped(run.sizes) || !luhn(digits)) return false;
  const isTelephone = plain[from - 1] === '+' && digits.length < 16;
  const isGlued = /[a-z_]/i.test((plain[from - 1] ?? '') + (plain[to] ?? ''));
  return (isSure && !isTelephone && !isGlued) || isBeside(plain, run, cardWords);
}

/** Groups of one size, but for a shorter rest; or of four and more; or as the oldest cards had it. */
function isGrouped(sizes: readonly number[]): boolean {
  const size = sizes[0] ?? 0;
  const isEven = sizes.slice(0, -1).every((each) => each === size) && (sizes.at(-1) ?? 0) <= size;
  return isEven || sizes.every((each) => each >= 4) || sizes.join() === '4,3,3,3';
}

const expiry = String.raw`(?:0[1-9]|1[0-2])[ /.-]{0,3}(?:20)?\d\d`;
const behind = (length: 3 | 4) =>
  new RegExp(
    String.raw`[^\p{L}\d•]{1,6}(?:(?:[a-z .:]{0,24}${expiry})[^\p{L}\d•]{1,6})?(?<value>\d{${length}})(?!\d)`,
    'iuy',
  );
const threeBehind = behind(3);
const fourBehind = behind(4);

/** A number of the right length directly behind a card, or behind when it expires, is its security code. */
function codeBehind(plain: string, { to, digits }: Run): Hit[] {
  const code = digits.length === 15 ? fourBehind : threeBehind;
  code.lastIndex = to;
  const match = code.exec(plain);
  return match === null ? [] : [valueOf(match, marks.securityCode)];
}

const codeWords =
  'cvv2?|cvc2?|cvn2?|card verification(?: code| value| number)?|security code|sicherheitscode|sicherheitsnummer|' +
  'pr(?:ü|ue)f(?:ziffer|nummer|code)|kartenpr(?:ü|ue)fnummer|cryptogramme|code de s[ée]curit[ée]|c[óo]digo de seguridad|' +
  'codice di sicurezza|c[óo]digo de seguran[çc]a|beveiligingscode';
const namedCode = new RegExp(
  String.raw`(?<!\p{L})(?:${codeWords})(?!\p{L})(?:[^\p{L}\d•\n]{0,4}(?:code|number|nummer|is|ist|lautet|est|es|è|é|=)(?!\p{L})){0,2}[^\p{L}\d•]{0,6}(?<value>\d{3,4})(?!\d)`,
  'giu',
);

function namedCodes(plain: string): Hit[] {
  return [...plain.matchAll(namedCode)].map((match) => valueOf(match, marks.securityCode));
}
