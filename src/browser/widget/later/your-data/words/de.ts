/** German. */
import { counting } from '../../../../ui/plural.ts';
import type { YourDataWords } from '../english.ts';

const count = counting('de');

export default {
  title: 'Ihre Daten',
  close: 'Schließen',
  back: 'Zurück',
  loading: 'Wird geladen …',
  retry: 'Noch einmal',
  failed: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.',
  why: {
    already_done: 'Das ist schon geschehen, oder alles über Sie wird gerade gelöscht.',
    banned:
      'Sie können diesen Chat zurzeit nicht benutzen und deshalb hier nichts verlangen. Ihre Rechte an Ihren Daten bleiben, wie sie sind: Schreiben Sie an die Stelle, die in der Datenschutzerklärung dieser Website steht, was Sie möchten. Dort kümmert man sich für Sie darum.',
    not_found: 'Das gibt es nicht mehr. Lassen Sie eine neue Kopie erstellen.',
    too_fast: 'Das war zu oft in kurzer Zeit. Bitte warten Sie einen Moment.',
    unavailable: 'Das geht gerade nicht. Bitte versuchen Sie es später noch einmal.',
  },

  proveTitle: 'Bestätigen, dass Sie es sind',
  proveText:
    'Was über Sie gespeichert ist, sehen nur Sie. Wir mailen Ihnen einen Code; damit können Sie hier 15 Minuten lang alles ansehen und verlangen.',
  proveBefore: 'Er geht nur an eine Adresse, die Sie schon einmal in einem Chat mit uns bestätigt haben.',
  prove: 'Mit einem Code bestätigen',

  copy: 'Eine Kopie von allem',
  copyText:
    'Alles, was in diesem Chat über Sie gespeichert ist, in einer Datei: zum Lesen und Drucken, und als Daten zum Mitnehmen. Das dauert einen Moment.',
  copyGet: 'Meine Kopie erstellen lassen',
  copyMaking: (n) =>
    count(n, {
      one: 'Ihre Kopie wird erstellt: bisher # Eintrag. Sie können das hier schließen und wiederkommen.',
      other: 'Ihre Kopie wird erstellt: bisher # Einträge. Sie können das hier schließen und wiederkommen.',
    }),
  copyReady: (until) => `Ihre Kopie ist fertig. Sie bleibt bis ${until} hier.`,
  copySave: 'Kopie herunterladen',
  copySaved: 'Der Download hat begonnen. Wer diese Datei hat, kann alles darin lesen.',

  openpgp: 'Verschlüsselt, mit OpenPGP',

  ask: 'Etwas verlangen',
  askText: 'Ein Mensch antwortet Ihnen. Bis wann, steht bei dem, was Sie gefragt haben.',
  asks: {
    rectification: 'Etwas berichtigen',
    restriction: 'Behalten, aber nicht verwenden',
    objection: 'Einer Verwendung widersprechen',
    erasure: 'Alles über mich löschen',
  },
  means: {
    rectification: ['Sagen Sie, was falsch ist und was stattdessen stimmt.'],
    restriction: [
      'Was über Sie gespeichert ist, bleibt und wird für nichts anderes verwendet, bis Sie es sagen. Sagen Sie, wenn Sie mögen, warum: etwa, weil daran etwas nicht stimmt.',
    ],
    objection: ['Sagen Sie, welcher Verwendung Ihrer Daten Sie widersprechen und warum.'],
    erasure: [
      'Alle Ihre Unterhaltungen samt Dateien werden vernichtet, und damit alles, was über Sie bekannt ist. Cloudflares eigene Kopien des Speichers enthalten sie noch bis zu 30 Tage.',
      'Ein Mensch sieht sich das vorher an. Das Gesetz kann verbieten, etwas zu löschen, etwa wegen eines Rechtsstreits: Dann erfahren Sie es.',
      'Dieser Browser lässt Sie danach los. Lassen Sie vorher eine Kopie erstellen, wenn Sie eine möchten.',
      'Es bleibt, dass es geschehen ist, ohne Ihren Namen und ohne ein Wort von Ihnen. Ein unterschriebener Beleg sagt es.',
    ],
  },
  wish: 'Was Sie dazu sagen möchten',
  wishOptional: 'Was Sie dazu sagen möchten (freiwillig)',
  wishNeeded: 'Bitte füllen Sie das aus.',
  understood: 'Ich habe das gelesen und möchte, dass alles gelöscht wird.',
  understoodNeeded: 'Bitte bestätigen Sie das zuerst.',
  askDo: 'Verlangen',
  eraseDo: 'Löschung verlangen',
  asked: 'Erledigt. Was daraus wird, steht weiter unten.',

  requests: 'Was Sie verlangt haben',
  noRequests: 'Bisher nichts.',
  kinds: {
    access: 'Eine Kopie Ihrer Daten',
    portability: 'Ihre Daten zum Mitnehmen',
    rectification: 'Eine Berichtigung',
    restriction: 'Daten behalten und nicht verwenden',
    objection: 'Ein Widerspruch',
    erasure: 'Löschung von allem über Sie',
  },
  states: {
    open: 'Wir kümmern uns darum.',
    working: 'Alles über Sie wird gerade gelöscht.',
    refused: 'Abgelehnt.',
    done: 'Erledigt.',
  },
  askedOn: (day) => `Verlangt am ${day}.`,
  due: (day) => `Sie bekommen bis zum ${day} eine Antwort.`,
  late: (day) => `Eine Antwort war bis zum ${day} fällig.`,
  extension: 'Warum es länger dauert',
  answer: 'Die Antwort',
  handed: (until) => `Eine Kopie für Sie liegt bis ${until} hier.`,
  receiptSave: 'Beleg speichern',
  receiptHow: 'Unterschrieben: Jeder kann ihn prüfen, und er nennt niemanden.',
  receiptWillBe:
    'Ist es geschehen, liegt ein unterschriebener Beleg unter dieser Adresse. Heben Sie sie auf:',
  complain:
    'Sie können sich darüber bei der Datenschutzbehörde beschweren, die für Ihren Wohnort zuständig ist.',

  consent: 'Ihre Einwilligung',
  noConsent: 'Sie wurden um keine gebeten.',
  consented: (version, day) => `In Fassung ${version}, gegeben am ${day}.`,
  withdrawn: (day) => `Widerrufen am ${day}.`,
  withdraw: 'Widerrufen',
  withdrawTitle: 'Einwilligung widerrufen?',
  withdrawText:
    'Unterhaltungen, denen Sie damit zugestimmt haben, werden beendet. Was bis jetzt geschah, bleibt rechtmäßig, und was gesagt wurde, bleibt, bis Sie es löschen lassen.',
  withdrawDo: 'Einwilligung widerrufen',
  withdrew: 'Erledigt. Ihre Einwilligung ist widerrufen.',

  sold: 'Nichts wird verkauft',
  soldText:
    'Auch für Werbung wird nichts weitergegeben. Was Sie sagen, geht an das Unternehmen, dem Sie schreiben, und an die, die diesen Chat für es betreiben.',
} satisfies YourDataWords;
