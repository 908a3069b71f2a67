/** Passwords, keys and tokens: some have a form of their own, others are known by the word in front of them. */
import { cloudKeys, password, privateKey, tokens } from '../secret-forms.ts';
import { apart, type Finder, type Hit, valueOf } from './hits.ts';
import { marks } from '../marks.ts';

/** Known in messages alone: in files their beginnings are too common. */
const more = [
  // An encrypted JSON Web Token
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]*(?:\.[\w-]{8,}){3}/,
  /(?<![A-Za-z0-9])[rs]k_test_[A-Za-z0-9]{16,}/,
  /(?<![\w-])whsec_[\w+/=-]{20,}/,
  /(?<![\w-])sk-(?=[\w-]{0,64}\d)[\w-]{20,}/,
  /(?<![\w-])AGE-SECRET-KEY-1[0-9A-Z]{50,}/,
  /(?<![\w-])(?:hf_|gsk_|dop_v1_|shp(?:at|ca|pa|ss)_|GOCSPX-|ya29\.|pypi-AgE|xai-|r8_|lin_api_)[\w-]{20,}/,
  /(?<![\w-])SG\.[\w-]{16,}\.[\w-]{16,}/,
  /https:\/\/hooks\.slack\.com\/services\/(?<value>[\w/]{20,})/,
  /\b(?:Bearer|Basic) (?<value>(?=[\w+/.~-]{0,99}[\d=])[\w+/.~-]{16,}={0,2})/i,
  /^[ \t]{0,9}(?:Set-)?Cookie:[ \t]{0,9}(?<value>[^\s=;•]{1,99}=[^\s•][^\n•]{11,})/im,
];

const forms = [password, ...tokens, ...cloudKeys, ...more].map(everywhere);

export const findKeys: Finder = (plain) =>
  apart([...privateKeys(plain), ...forms.flatMap((form) => valuesIn(plain, form))]);

/** A private key goes to the line that ends it, and without one to the end. */
function privateKeys(plain: string): Hit[] {
  const hits: Hit[] = [];
  let end = 0;
  for (const { index, 0: found } of plain.matchAll(everywhere(privateKey))) {
    if (index < end) continue;
    const last = plain.indexOf('-END ', index + found.length);
    const line = last < 0 ? -1 : plain.indexOf('KEY', last);
    end = line < 0 ? plain.length : dashesFrom(plain, plain.indexOf('-', line));
    hits.push({ from: index, to: end, shown: marks.secret });
  }
  return hits;
}

function dashesFrom(plain: string, at: number): number {
  if (at < 0) return plain.length;
  let end = at;
  while (plain[end] === '-' || (plain[end] === ' ' && plain[end + 1] === 'B')) end++;
  return end;
}

// Behind a word -------------------------------------------------------------------------------------------------

/** In front of which nothing else of a word may stand, but `DB_`. */
const passwordWords =
  'passwords?|passwd|passphrase|passcode|pwd|pw|passwort|pa(?:ss|ß)w(?:o|ö|oe)rter|kennwort|zugangscode|mot de passe|mdp|' +
  'contrase[nñ]a|senha|wachtwoord|has[lł]o|parola|l[öo]senord|parool|şifre|пароль|パスワード|密码|密碼|비밀번호';
/** Words that mean other things too. */
const codeWords = 'pass|otp|tan|puk|(?:one[ -]time|login|recovery|backup) (?:code|password)';
const keyWords =
  'secret|(?:api|access|auth|secret|private|client|master|license|encryption|session|bearer|refresh|id|app|bot|webhook|signing)[ _-]?(?:key|token|secret)|' +
  'token|api[ _-]?schl(?:ü|ue)ssel|apikey|secret access key|access key id';
const pinWords = 'pin|pin[ -]?(?:code|number|nummer)|geheimzahl|geheimnummer';

const quotes = String.raw`["'\x60*_]{0,3}`;
const is = 'is|was|ist|lautet|war|est|es|è|é|to|auf|are|sind|='; // “changed my password to …”
const between = String.raw`${quotes}[ \t]{0,3}(?:now |still |jetzt |aktuell |currently )?`;
/** A colon says that what follows is the thing itself. */
const colon = String.raw`${between}(?:(?:is|ist|lautet|est|es) ?)?(?:[:=]|[-=]>|→)[ \t]{0,4}\n?[ \t]{0,4}`;
const verb = String.raw`${between}(?:${is})(?!\p{L})[ \t]{1,3}(?:now |still |jetzt |also )?`;
const value = String.raw`(?<value>[^\s•"'\x60„“«]{3,128})`;
const quoted = String.raw`["'\x60„“«](?<value>[^"'\x60„“”«»\n•]{3,64})(?=["'\x60“”»])`;
const key = String.raw`${quotes}(?<value>[\w+/=.~-]{16,512})`;
const digits = String.raw`${quotes}(?<value>\d(?:[ -]?\d){3,11})(?![\d:/.]|\p{L})`;

const passwordInQuotes = behind(passwordWords, `(?:${colon}|${verb})`, quoted);
const passwordInQuotesAlone = behind(passwordWords, ' ', quoted);
const passwordBehindColon = behind(passwordWords, colon, value);
const passwordBehindVerb = behind(passwordWords, verb, value);
const passwordBehindWord = behind(passwordWords, ' ', value);
const codeBehindWord = behind(codeWords, `(?:${colon}|${verb})`, value);
const keyBehindWord = behind(keyWords, String.raw`(?:${colon}|${verb}|[ \t]{1,3})`, key);
const pinBehindWord = behind(pinWords, String.raw`(?:${colon}|${verb}|[ \t]{1,3})`, digits);

function behind(words: string, between: string, value: string): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\d])(?:${words})${between}${value}`, 'giu');
}

export const findNamedSecrets: Finder = (plain) =>
  apart([
    ...valuesIn(plain, passwordInQuotes),
    ...valuesIn(plain, passwordInQuotesAlone, isMixed),
    ...valuesIn(plain, passwordBehindColon, isNoWord),
    ...valuesIn(
      plain,
      passwordBehindVerb,
      (value, to) => isMixed(value) || (isNoWord(value) && endsAt(plain, to)),
    ),
    ...valuesIn(plain, passwordBehindWord, (value) => value.length >= 6 && isMixed(value)),
    ...valuesIn(plain, codeBehindWord, isMixed),
    ...valuesIn(plain, keyBehindWord, isRandom),
    ...valuesIn(plain, pinBehindWord),
  ]);

/** What sentences about passwords go on with. */
const words = new Set(
  (
    'not no never wrong incorrect invalid expired lost gone forgotten reset changed correct right valid secure safe weak ' +
    'strong good bad old new same different empty blank missing required needed unknown mine yours ours theirs still ' +
    'being about too so very also just only now here there below above following attached on in at by from with without ' +
    'for the a an my your his her our their this that what which when where why how case sensitive longer shorter ' +
    'rejected refused accepted blocked locked disabled stored saved sent displayed shown hidden visible encrypted hashed ' +
    'protected working broken fine okay ok yes optional something anything nothing it me you us them be use ' +
    'enter please see unsafe compromised leaked known asked set up out it’s ' +
    'nicht nie kein keine falsch richtig ungültig abgelaufen vergessen verloren weg neu alt gut schlecht sicher unsicher ' +
    'schwach stark gleich leer nötig erforderlich unbekannt noch immer schon sehr zu so auch nur jetzt hier da dort ' +
    'gesperrt geändert zurückgesetzt geschickt gespeichert korrekt gültig der die das ein eine mein dein ihr unser ' +
    'bitte siehe per von mit ohne für wie was wo wann warum weiß bekannt incorrecto incorrecta incorrect oublié'
  ).split(' '),
);

function isNoWord(value: string): boolean {
  const plain = withoutEnd(value).toLowerCase();
  return plain.length >= 3 && !words.has(plain) && !/^(?:https?:|[(<]|[*x.]+$)/.test(plain);
}

/** With a digit or a sign within, or capitals where no word has them. */
function isMixed(value: string): boolean {
  const plain = withoutEnd(value);
  const hasSign = /\p{L}/u.test(plain)
    ? /[\d@#$%^&*+=!?_]/.test(plain)
    : /^\d{4,12}$|[@#$%^&*+=!?_]/.test(plain);
  return plain.length >= 4 && (hasSign || /\p{Ll}\p{Lu}/u.test(plain)) && isNoWord(value);
}

function withoutEnd(value: string): string {
  let end = value.length;
  while (end > 0 && '.,;:!?)]…'.includes(value[end - 1] ?? ' ')) end--;
  return value.slice(0, end);
}

function endsAt(plain: string, to: number): boolean {
  return /^\s*(?:$|\n)/.test(plain.slice(to, to + 16));
}

/** As keys are: letters and digits in no order that a word has. */
function isRandom(value: string): boolean {
  if (!/\d/.test(value) || !/[a-z]/i.test(value)) return false;
  const head = value.slice(0, 128);
  const counts = new Map<string, number>();
  for (const each of head) counts.set(each, (counts.get(each) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / head.length) * Math.log2(count / head.length);
  return bits >= 3;
}

function valuesIn(plain: string, form: RegExp, isSecret = (_value: string, _to: number) => true): Hit[] {
  return [...plain.matchAll(form)]
    .map((match) => valueOf(match, marks.secret))
    .filter(({ from, to }) => isSecret(plain.slice(from, to), to));
}

function everywhere({ source, flags }: RegExp): RegExp {
  return new RegExp(source, `${flags}g`);
}
