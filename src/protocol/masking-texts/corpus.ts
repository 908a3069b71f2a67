/**
 * Messages in which it is known what is sensitive, for the test that counts what is found. Every value is invented: the
 * cards are the networks' published test numbers, the national numbers and accounts were drawn by lot, and kept where
 * their check digits are right. What looks like a key is put together here, so that nobody takes it for one.
 */
import type { MaskedKind } from '../marks.ts';

export interface Case {
  text: string;
  /** What has to be found in it. */
  sensitive: readonly { kind: MaskedKind; from: number; to: number }[];
}

const list = (text: string) => text.trim().split(/\s+/);
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim());
/** One of these for each case, in turn. */
const turn = <Each>(from: readonly Each[], at: number): Each => from[at % from.length] as Each;
const within = (sentence: string, kind: MaskedKind, value: string): Case => {
  const from = sentence.indexOf('{}');
  const text = sentence.replace('{}', () => value);
  return { text, sensitive: [{ kind, from, to: from + value.length }] };
};

// Cards ---------------------------------------------------------------------------------------------------------

const cardNumbers = list(`
  4111111111111111 4012888888881881 4242424242424242 4000056655665556 4917610000000000 4462030000000000
  5555555555554444 5105105105105100 5200828282828210 2223003122003222 2720992593319364 5454545454545454
  378282246310005 371449635398431 378734493671000 30569309025904 38520000023237 36227206271667
  6011111111111117 6011000990139424 6011981111111113 3530111333300000 3566002020360505 6200000000000005
  6205500000000000004 6759649826438453 6799990100000000019 6304000000000000 2201382000000013 2200000000000004
  6062826786276634 5066991111111118 9792030394440796 8600000000000007 5019717010103742 4222222222222`);

const cardSentences = lines(`
  My card number is {}, please charge it again.
  {}
  Die Kartennummer lautet {} und sie läuft im März ab.
  Hi, I was charged twice on {}. Can you help?
  Card: {}
  Ma carte est la {} merci
  visa {} exp 12/27
  Bitte buchen Sie von der Karte {} ab
  please use "{}" instead of my old card
  Mi tarjeta es {}.`);

const groups = (digits: string, between: string) => {
  const sizes = digits.length === 15 ? [4, 6, 5] : digits.length === 14 ? [4, 6, 4] : [4, 4, 4, 4, 4];
  let at = 0;
  return sizes
    .map((size) => digits.slice(at, (at += size)))
    .filter((group) => group !== '')
    .join(between);
};
const inScript = (zero: number) => (digits: string) =>
  digits.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
const between = (sign: string) => (digits: string) => [...digits].join(sign);
const writings: readonly ((digits: string) => string)[] = [
  (digits) => digits,
  (digits) => groups(digits, ' '),
  (digits) => groups(digits, '-'),
  (digits) => groups(digits, '.'),
  (digits) => groups(digits, '\u00a0'),
  (digits) => groups(digits, ' - '),
  (digits) => groups(digits, '\u2013'),
  (digits) => inScript(0xff10)(groups(digits, ' ')),
  (digits) => inScript(0x660)(groups(digits, '\u2009')),
  (digits) => between('\u200b')(digits),
  (digits) => groups(digits, '\u00ad'),
  (digits) => inScript(0x1d7ce)(digits),
  (digits) => between(' ')(digits),
];

const cards = cardNumbers.flatMap((digits, at) =>
  [0, 1, 2, 3].map((more) => {
    const sentence = turn(cardSentences, at + more);
    const write = more === 0 ? turn(writings, 0) : turn(writings, at + more);
    // Twelve and thirteen digits are a card's where a word says so.
    const said = digits.length === 13 ? 'Visa card {} please' : sentence;
    return within(said, 'card', write(digits));
  }),
);

/** In brackets what is to be found. */
const codes = lines(`
  CVV [123]
  CVC: [7373]
  the cvv code is [045]
  Card [4111 1111 1111 1111], security code [912]
  [4111111111111111] 12/27 [123]
  [4242 4242 4242 4242] exp 03/2028 cvc [424]
  [378282246310005] [1234]
  Prüfziffer: [881], Karte [5555 5555 5555 4444]
  Sicherheitscode ist [321]
  cvc2 = [777]
  [5555555555554444], 11/26, [909]
  Meine Kartenprüfnummer lautet [555].
  CVV [４５６]
  cryptogramme: [118]
  Código de seguridad: [646]`).map((line): Case => {
  const found = [...line.matchAll(/\[(.*?)\]/g)].map(({ index, 1: value = '' }, before) => {
    const from = index - 2 * before;
    return { kind: 'card' as const, from, to: from + value.length };
  });
  return { text: line.replace(/[[\]]/g, ''), sensitive: found };
});

// Accounts ------------------------------------------------------------------------------------------------------

const accounts = list(`
  DE89370400440532013000 GB29NWBK60161331926819 DE64286571709126152504 FR7692511808896042258742587
  FR7617169103993343756855802 GB70UDCC77713040664535 ES0982978369215542095852 ES1280417325574539405109
  IT02E0886806497007721144125 IT38D9430724250495205164318 NL28HEDL4143414467 NL27FNEA2747779785 BE89859057500185
  BE45752790925689 AT653529851893854992 AT706254300026706669 CH4699004232867342459 CH6760514251421368241
  PL23390733945607930264256286 PL98515052950357058951270852 SE8144414967221839327056 NO3981864654681
  DK0551516905179484 FI1861432938931667 PT50322097963022852476688 IE22326267403674887794 LU971127593309469055
  CZ3787034380022712569819 SK0892091037711234753472 HU35970695605310252528717912 RO17BYTL3552637628309926
  BG25WSBF03803079723452 GR6664086459660012141672601 HR6785189385499262543 SI56651041368110836
  EE527834868723962989 LV95ECLX1827583140025 LT128644585495681060 MT20FMND57295938407452999977278
  CY36545683933066762870474835 TR680584365895210452476287 SA1410406926779629952761 AE637490230442946435962
  BR2039477530012913822207726D3 IL701469255398202908868 UA527891446624057532597661274`);
const accountSentences = lines(`
  IBAN: {}
  Please refund to {} as soon as you can.
  Bitte überweisen Sie auf {}, danke!
  {}
  my account is {} (joint account)`);
const fours = (iban: string, sign = ' ') => (iban.match(/.{1,4}/g) ?? []).join(sign);
const accountWritings: readonly ((iban: string) => string)[] = [
  (iban) => iban,
  (iban) => fours(iban),
  (iban) => fours(iban).toLowerCase(),
  (iban) => fours(iban, '\u00a0'),
  (iban) => fours(iban, '-'),
  (iban) => inScript(0xff10)(iban),
  (iban) => [...iban].join('\u200c'),
];
const ibans = accounts.flatMap((iban, at) =>
  [0, 1].map((more) =>
    within(turn(accountSentences, at + more), 'iban', turn(accountWritings, more === 0 ? 1 : at)(iban)),
  ),
);

// National identity numbers -------------------------------------------------------------------------------------

const people: readonly [sentence: string, numbers: string[]][] = [
  ['My SSN is {}.', list('885-34-6895 697-48-1967 058-34-3264 386097521')],
  ['National insurance number {}', list('XT367634D RW303287A EB152063A HM263453C')],
  ['Meine Steuer-ID: {}', list('36315304979 42617695836 42887895305 99371095425 76124039226')],
  ['Mein Personalausweis hat die Nummer {}', list('T539F29ZZ RTMXMJR22 XZTFMRJW80 LGZ1T52YF0')],
  ['Numéro de sécurité sociale {}', list('169041013681108 288090352829877 185057169313190 250055742936423')],
  ['codice fiscale {}', list('NFBMDG24H26H501J AZFSGH72S11H501B YLZLEE32B20H501K PTMDWG53E22H501T')],
  ['Mi DNI es {}', list('36243736Z 56054385G 00283490S 53208025-D')],
  ['NIE: {}', list('Z3050850C Z4836453H X7247315S Y-3090358-T')],
  ['Mijn BSN is {}', list('102673822 131015953 175355381 248961305')],
  ['PESEL {}', list('76070419385 96081147778 78122215110 65071279399')],
  ['Mitt personnummer är {}', list('970926-6424 920404-8772 560305-0534 19660126-1313')],
  ['CPF: {}', list('44527219740 571.751.780-77 666.228.001-11 87269275009')],
  ['My SIN is {}', list('692783152 642315873 313398638 529320459')],
  ['Rijksregisternummer {}', list('80101244869 75.03.06-080.75 68060663969 79010769186')],
  ['AHV-Nummer {}', list('7563431566406 7565182138000 756.1935.9760.28 7563079723452')],
  ['身份证 {}', list('110105197610288908 110105198607045117 110105199607229092')],
  ['aadhaar {}', list('417126693439 309926869050')],
  ['身份证号码是{}。', list('110105197610288908')],
  ['マイナンバーは{}です', list('176331721760 8352-7217-4100')],
  ['My Number: {}', ['753763453284', '3563 3655 5824']],
  ['주민등록번호는 {}입니다', list('140310-3756483 7406041267432 210615-3123456')],
  ['It is {}, as you asked', list('660504-2522698 941223-2297922')],
  ['СНИЛС {}', ['141-010-445 78', '16642028862', '167 972 758 40']],
  ['ИНН {}', list('421126663731 950176006517 188639173750')],
  ['TC kimlik numaram {}', list('12277126536 49740276986 16176651946 42300864524')],
  ['Mi CURP: {}', list('PONM710708MJCLXZ09 RITZ831119MJCPBM04 AAYH780127MDFPMG06 hokt490619hnlxmv02')],
  ['My ID number is {}', ['6405182534086', '710601 1770 086', '5512122288086']],
  ['TFN {}', ['577070044', '026 032 384', '033-306-865']],
];
const nationalIds = [
  ...people.flatMap(([sentence, numbers]) => numbers.map((number) => within(sentence, 'nationalId', number))),
  within('{} is my number', 'nationalId', '3681 7103 8030'),
  within('{}', 'nationalId', '5972 3452 8166'),
];

// Secrets -------------------------------------------------------------------------------------------------------

/** Letters and digits that look drawn by lot, and are always the same. */
function drawn(length: number, seed: number, letters: string): string {
  let state = seed * 2_654_435_761 + 1;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return letters[Math.floor(state / 65_536) % letters.length];
  }).join('');
}
const small = 'abcdefghijklmnopqrstuvwxyz';
const alnum = small.toUpperCase() + small + '0123456789';
const base32 = small.toUpperCase() + '234567';
const hex = '0123456789abcdef';

const keys = [1, 2].flatMap((seed) => [
  ['AK', 'IA', drawn(16, seed, base32)].join(''),
  ['AS', 'IA', drawn(16, seed + 9, base32)].join(''),
  ['gh', `p_${drawn(36, seed, alnum)}`].join(''),
  ['github', `pat_${drawn(40, seed, alnum)}`].join('_'),
  ['gl', `pat-1${drawn(20, seed, alnum)}`].join(''),
  ['npm', drawn(36, seed, alnum)].join('_'),
  ['xo', `xb-${drawn(11, seed, '0123456789')}-${drawn(24, seed, alnum)}`].join(''),
  ['sk', 'live', drawn(24, seed, alnum)].join('_'),
  ['rk', 'live', drawn(24, seed, alnum)].join('_'),
  ['sk', 'test', drawn(24, seed, alnum)].join('_'),
  ['wh', `sec_${drawn(32, seed, alnum)}`].join(''),
  ['AI', `za${drawn(35, seed, alnum)}`].join(''),
  ['sk', `1${drawn(47, seed, alnum)}`].join('-'),
  ['sk', 'proj', `7${drawn(60, seed, alnum)}`].join('-'),
  ['S', `G.${drawn(22, seed, alnum)}.${drawn(43, seed, alnum)}`].join(''),
  ['h', `f_${drawn(34, seed, alnum)}`].join(''),
  [`eyJ${drawn(33, seed, alnum)}`, `eyJ${drawn(60, seed, alnum)}`, drawn(43, seed, alnum)].join('.'),
  ['AGE-SECRET', `KEY-1${drawn(58, seed, base32)}`].join('-'),
]);
const keySentences = lines(`
  The key is {} if you need it
  {}
  I set it to {} and it fails with 401.
  curl -u {}: https://api.example.com/v1/things`);

const behindWords: readonly [sentence: string, values: string[]][] = [
  ['My password is {}', list('hunter2 Blue42Sky! sunshine tr0ub4dor&3 Sommer2024')],
  ['password: {}', list('letmein Kaffee123 correcthorse p@ssw0rd')],
  ['Passwort: {}', list('geheim123 Sonnenschein! Hallo_Welt_9')],
  ['Das Passwort lautet {}', list('Winter#77 MeinHund1 q1w2e3r4')],
  ['Mein Kennwort ist {} und es geht nicht', list('Xk9!fuchs Berlin2023')],
  ['The OTP is {}', list('482913')],
  ['TAN: {}', list('739201')],
  ['user bob, pw: {}', list('qwertz99 Abc-12345')],
  ['mot de passe : {}', list('soleil2024 Chat!noir')],
  ['mi contraseña es {}', list('Verano2024 perro_77')],
  ['wachtwoord: {}', list('Fiets2024! molen99x')],
  ['hasło: {}', list('Zima2024! kotek_55')],
  ['I changed my password to {} yesterday', list('Maple-Tree-42 newPass99')],
  ['The passphrase is "{}"', ['correct horse battery staple', 'the quick brown fox']],
  ['Passwort „{}“ geht nicht', list('Erdbeere7')],
  ['DB_PASSWORD={}', list('s3cr3t-db Aq12wsXE')],
  ['{"user":"bob","password":"{}"}', list('bobs-secret1 Pa55word')],
  ['my pin is {}', list('1234 90210 4821')],
  ['PIN: {}', list('0815 7391')],
  ['Meine PIN lautet {}', list('4711 2580')],
  ['Geheimzahl {}', list('6621')],
  ['pin code {}', list('5566')],
  ['token: {}', [drawn(32, 5, alnum), drawn(40, 6, hex)]],
  ['API key = {}', [drawn(32, 7, alnum), drawn(40, 8, hex)]],
  ['my api key is {}', [drawn(24, 9, alnum), drawn(32, 10, hex)]],
  ['client_secret={}', [drawn(40, 11, alnum)]],
  ['Access token {} expired?', [drawn(36, 12, alnum)]],
  ['aws secret access key: {}', [`${drawn(20, 13, alnum)}/${drawn(19, 14, alnum)}`]],
  ['Authorization: Bearer {}', [drawn(40, 15, alnum)]],
  ['Authorization: Basic {}', ['Ym9iOnNlY3JldC1vZi1ib2I=']],
  ['-H "authorization: bearer {}"', [drawn(32, 16, alnum)]],
  ['https://bob:{}@example.com/backup', list('s3cret99 hunter2')],
  ['postgres://app:{}@db.example.com:5432/app', list('Pg-Pass-1 kangaroo')],
  ['Cookie: {}', [`session=${drawn(32, 17, alnum)}`]],
];
const blocks = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'EC PRIVATE KEY'].map((name, at) =>
  within(
    'Here it is:\n{}\nDoes it look right?',
    'secret',
    `-----BEGIN ${name}-----\n${drawn(64, at, alnum)}\n${drawn(40, at, alnum)}\n-----END ${name}-----`,
  ),
);
const secrets = [
  ...keys.map((key, at) => within(turn(keySentences, at), 'secret', key)),
  ...behindWords.flatMap(([sentence, values]) => values.map((value) => within(sentence, 'secret', value))),
  ...blocks,
];

export const sensitive: readonly Case[] = [...cards, ...codes, ...ibans, ...nationalIds, ...secrets];
