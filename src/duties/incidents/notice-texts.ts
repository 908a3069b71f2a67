/**
 * What notices say: to the authority what article 33(3) of the GDPR asks for, to people what article 34(2) does, to individuals
 * what 45 CFR 164.404(c) does, in its order.
 */
import type { IncidentKind, LegalClock, Notice } from '../../protocol/incidents.ts';

/** What a notice is filled with, each already in words. */
export type NoticeFacts = {
  who: string;
  contact: string;
  officer: string;
  kind: IncidentKind;
  began: string;
  noticed: string;
  /** What was done against it, as the tasks say. */
  done: readonly string[];
};

type Draft = (facts: NoticeFacts) => { title: string; text: string };
type Texts = {
  locale: string;
  /** What stands where nobody has said. */
  gaps: Record<'who' | 'contact' | 'officer' | 'done', string>;
  texts: Partial<Record<LegalClock, Draft>>;
};

const listed = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n');

const kindsInEnglish: Record<IncidentKind, string> = {
  account: 'The account of a member of our staff was used by somebody else.',
  key: 'A key or secret of our chat became known to somebody who should not know it.',
  file: 'A malicious file reached our staff by the chat.',
  export: 'Data was taken from our chat in bulk, by somebody who had no need for it.',
  device: 'A device with which our staff work was lost or stolen.',
  vendor: 'A supplier that processes data for us was broken into.',
  brokenLedger: 'The record of who read and changed what in our chat was altered.',
  outage: 'Data in our chat could not be reached, or was lost.',
  misdirected: 'Data of one customer was sent to another person.',
  other: '[What happened]',
};

const kindsInGerman: Record<IncidentKind, string> = {
  account: 'Das Konto einer bei uns beschäftigten Person wurde von jemand anderem benutzt.',
  key: 'Ein Schlüssel oder Geheimnis unseres Chats ist Unbefugten bekannt geworden.',
  file: 'Über den Chat hat uns eine schädliche Datei erreicht.',
  export: 'Aus unserem Chat wurden Daten in großer Menge entnommen, ohne dass die Arbeit es erforderte.',
  device: 'Ein Gerät, mit dem bei uns gearbeitet wird, ging verloren oder wurde gestohlen.',
  vendor: 'Bei einem Dienstleister, der für uns Daten verarbeitet, ist eingebrochen worden.',
  brokenLedger: 'Das Verzeichnis darüber, wer in unserem Chat was gelesen und geändert hat, wurde verändert.',
  outage: 'Daten in unserem Chat waren nicht erreichbar oder sind verloren gegangen.',
  misdirected: 'Daten einer Kundin oder eines Kunden sind an eine andere Person gelangt.',
  other: '[Was geschehen ist]',
};

const english: Texts = {
  locale: 'en-GB',
  gaps: {
    who: '[Name of the organisation]',
    contact: '[How to reach it]',
    officer: '[Name and contact of the data protection officer, or where more can be learnt]',
    done: '[What was done]',
  },
  texts: {
    'gdpr.authority': ({ who, contact, officer, kind, began, noticed, done }) => ({
      title: 'Notification of a personal data breach (GDPR, article 33)',
      text: `Controller: ${who}, ${contact}

We became aware of this breach on ${noticed}. As far as we know it began on ${began}.
[Only if this is sent later than 72 hours after that: why]

1. Nature of the breach
${kindsInEnglish[kind]}
Categories and approximate number of people concerned: [who, how many]
Categories and approximate number of records concerned: [what, how many]

2. Contact point
${officer}

3. Likely consequences
[What this can mean for the people concerned]

4. Measures taken or proposed
${listed(done)}
[What else is planned, also to lessen the effects on the people concerned]

[What is not known yet will be told later, without undue further delay (article 33(4)).]
`,
    }),
    'gdpr.people': ({ who, contact, officer, kind, began, noticed, done }) => ({
      title: 'What has happened to your data',
      text: `Dear customer,

something has happened to data that you gave us in our chat, and we want you to hear it from us.

What happened
${kindsInEnglish[kind]} As far as we know it began on ${began}; we noticed it on ${noticed}.
It is about this data of yours: [which]

What this can mean for you
[Likely consequences]

What we have done
${listed(done)}

What you can do
[Such as: choose another password where you use the same one; be careful with calls and mails that know something of this]

Whom to ask
${officer}

We are sorry.
${who}, ${contact}
`,
    }),
    'hipaa.people': ({ who, contact, kind, began, noticed, done }) => ({
      title: 'Notice of a breach of your health information (45 CFR 164.404)',
      text: `[Date]
[First-class mail to the last known address, or e-mail where the individual has agreed to that]

Dear [name],

What happened
${kindsInEnglish[kind]} The breach occurred on ${began} and was discovered on ${noticed}.

What information was involved
[Types of unsecured protected health information, such as full name, date of birth, diagnosis; not the information itself]

What you should do
[Steps to protect yourself from potential harm]

What we are doing
${listed(done)}
[What is done to investigate, to mitigate harm, and to protect against further breaches]

For more information
[A toll-free telephone number] · ${contact}

${who}

[Not part of the letter: of 500 or more individuals the Secretary of HHS is told at the same time, and of more than 500 residents of one state prominent media there (164.406, 164.408). Of fewer, the Secretary is told within 60 days after the end of the calendar year.]
`,
    }),
  },
};

const german: Texts = {
  locale: 'de-DE',
  gaps: {
    who: '[Name des Verantwortlichen]',
    contact: '[Anschrift und Kontakt]',
    officer: '[Name und Kontaktdaten der oder des Datenschutzbeauftragten oder einer anderen Anlaufstelle]',
    done: '[Ergriffene Maßnahmen]',
  },
  texts: {
    'gdpr.authority': ({ who, contact, officer, kind, began, noticed, done }) => ({
      title: 'Meldung einer Verletzung des Schutzes personenbezogener Daten (Art. 33 DSGVO)',
      text: `Verantwortlicher: ${who}, ${contact}

Die Verletzung wurde uns am ${noticed} bekannt. Soweit wir wissen, begann sie am ${began}.
[Nur wenn seitdem mehr als 72 Stunden vergangen sind: Gründe für die Verzögerung]

1. Art der Verletzung
${kindsInGerman[kind]}
Kategorien und ungefähre Zahl der betroffenen Personen: [wer, wie viele]
Kategorien und ungefähre Zahl der betroffenen Datensätze: [was, wie viele]

2. Anlaufstelle
${officer}

3. Wahrscheinliche Folgen
[Was die Verletzung für die betroffenen Personen bedeuten kann]

4. Ergriffene oder vorgeschlagene Maßnahmen
${listed(done)}
[Was noch geplant ist, auch um nachteilige Auswirkungen abzumildern]

[Was noch nicht bekannt ist, wird ohne unangemessene weitere Verzögerung nachgereicht (Art. 33 Abs. 4).]
`,
    }),
    'gdpr.people': ({ who, contact, officer, kind, began, noticed, done }) => ({
      title: 'Was mit Ihren Daten geschehen ist',
      text: `Guten Tag,

mit Daten, die Sie uns im Chat gegeben haben, ist etwas geschehen. Wir möchten, dass Sie es von uns erfahren.

Was geschehen ist
${kindsInGerman[kind]} Soweit wir wissen, begann es am ${began}; bemerkt haben wir es am ${noticed}.
Es geht um folgende Daten von Ihnen: [welche]

Was das für Sie bedeuten kann
[Wahrscheinliche Folgen]

Was wir getan haben
${listed(done)}

Was Sie tun können
[Zum Beispiel: ein anderes Passwort wählen, wo Sie dasselbe benutzen; vorsichtig sein bei Anrufen und Mails, die davon wissen]

An wen Sie sich wenden können
${officer}

Es tut uns leid.
${who}, ${contact}
`,
    }),
  },
};

export const noticeTexts: Readonly<Record<Notice['language'], Texts>> = { en: english, de: german };
