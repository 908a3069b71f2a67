/** What the readable form of a copy says. */
import type { MaskedKind } from '../../protocol/marks.ts';
import type { Missing } from './talk.ts';

const en = {
  title: (site: string) => `Your data at ${site}`,
  intro: (when: string) =>
    `Everything that is kept about you, as of ${when}. Times are in Coordinated Universal Time (UTC).`,
  alike: 'The same as data, for another program:',
  ledger: 'Who did and read what of yours:',
  backstage: 'What staff keep to themselves is in it: notes, tags and legal holds.',
  person: 'You',
  name: 'Name',
  address: 'E-mail address',
  number: 'Number here',
  since: 'Kept since',
  seenAt: 'Seen last',
  ban: 'Kept out',
  span: (from: string, to: string) => `from ${from} to ${to}`,
  bySite: (site: string) => `${site} answers for it`,
  byCode: 'proved by a code that was mailed there',
  unknown: 'Not known',
  conversations: 'Conversations',
  talk: (when: string) => `Conversation of ${when}`,
  state: 'It is',
  states: { waiting: 'waiting', claimed: 'going on', closed: 'closed' },
  page: 'Written from',
  language: 'Language',
  timeZone: 'Time zone',
  consent: 'Consent',
  consented: (version: string, when: string) => `to version ${version}, ${when}`,
  withdrawn: (when: string) => `withdrawn ${when}`,
  rating: 'Your rating',
  rated: (score: number) => `${score} of 5`,
  tags: 'Tags',
  heldSince: 'Legal hold since',
  you: 'You',
  staff: 'Staff',
  note: (name: string) => `${name}, note`,
  deleted: 'This message was taken back.',
  redacted: 'This message was removed.',
  masked: 'Masked before it was kept:',
  kinds: {
    card: 'card number',
    iban: 'account number',
    nationalId: 'national identity number',
    secret: 'password or key',
  } satisfies Record<MaskedKind, string>,
  bytes: (count: string) => `${count} bytes`,
  file: 'A file',
  missing: {
    waiting: 'Not in this copy: it was still being scanned for malware.',
    blocked: 'Not in this copy: malware was found in it.',
    unscanned: 'Not in this copy: it could not be scanned for malware.',
    expired: 'Not in this copy: its time was over, and it was destroyed.',
    removed: 'Not in this copy: it was removed.',
    room: 'Not in this copy: it had no room for more files. Ask for it.',
    unreadable: 'Not in this copy: it could not be read.',
  } satisfies Record<Missing, string>,
  end: 'That is all.',
};

export type PageWords = typeof en;

const de: PageWords = {
  title: (site) => `Ihre Daten bei ${site}`,
  intro: (when) =>
    `Alles, was über Sie gespeichert ist, Stand ${when}. Alle Zeiten sind in koordinierter Weltzeit (UTC).`,
  alike: 'Dasselbe als Daten, für ein anderes Programm:',
  ledger: 'Wer was mit Ihren Daten getan und gelesen hat:',
  backstage:
    'Was das Personal für sich behält, ist enthalten: Notizen, Schlagwörter und Aufbewahrungspflichten.',
  person: 'Sie',
  name: 'Name',
  address: 'E-Mail-Adresse',
  number: 'Nummer hier',
  since: 'Gespeichert seit',
  seenAt: 'Zuletzt gesehen',
  ban: 'Ausgeschlossen',
  span: (from, to) => `von ${from} bis ${to}`,
  bySite: (site) => `${site} steht dafür ein`,
  byCode: 'durch einen dorthin geschickten Code belegt',
  unknown: 'Nicht bekannt',
  conversations: 'Unterhaltungen',
  talk: (when) => `Unterhaltung vom ${when}`,
  state: 'Stand',
  states: { waiting: 'wartet', claimed: 'läuft', closed: 'beendet' },
  page: 'Geschrieben von',
  language: 'Sprache',
  timeZone: 'Zeitzone',
  consent: 'Einwilligung',
  consented: (version, when) => `in Fassung ${version}, ${when}`,
  withdrawn: (when) => `widerrufen ${when}`,
  rating: 'Ihre Bewertung',
  rated: (score) => `${score} von 5`,
  tags: 'Schlagwörter',
  heldSince: 'Aufbewahrungspflicht seit',
  you: 'Sie',
  staff: 'Personal',
  note: (name) => `${name}, Notiz`,
  deleted: 'Diese Nachricht wurde zurückgenommen.',
  redacted: 'Diese Nachricht wurde entfernt.',
  masked: 'Vor dem Speichern unkenntlich gemacht:',
  kinds: {
    card: 'Kartennummer',
    iban: 'Kontonummer',
    nationalId: 'Ausweis- oder Steuernummer',
    secret: 'Passwort oder Schlüssel',
  },
  bytes: (count) => `${count} Bytes`,
  file: 'Eine Datei',
  missing: {
    waiting: 'Nicht in dieser Kopie: Sie wurde noch auf Schadsoftware geprüft.',
    blocked: 'Nicht in dieser Kopie: In ihr wurde Schadsoftware gefunden.',
    unscanned: 'Nicht in dieser Kopie: Sie konnte nicht auf Schadsoftware geprüft werden.',
    expired: 'Nicht in dieser Kopie: Ihre Zeit war um, und sie wurde vernichtet.',
    removed: 'Nicht in dieser Kopie: Sie wurde entfernt.',
    room: 'Nicht in dieser Kopie: Für weitere Dateien war kein Platz. Fragen Sie danach.',
    unreadable: 'Nicht in dieser Kopie: Sie war nicht lesbar.',
  },
  end: 'Das ist alles.',
};

/** In the language of whoever it is about, as far as it is spoken here. */
export function pageLanguage(tag: string | null): 'en' | 'de' {
  return /^de(?:-|$)/i.test(tag ?? '') ? 'de' : 'en';
}

export const pageWords: Record<'en' | 'de', PageWords> = { en, de };
