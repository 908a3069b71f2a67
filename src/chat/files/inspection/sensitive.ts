/**
 * Whether a file looks like something of which staff should see no more than they have to. It is guessed by name and
 * shape: to be covered costs a second look, and not to be covered may cost somebody a lot.
 */
import type { Sensitivity } from '../../../protocol/files.ts';
import type { Picture } from './pictures/picture.ts';

/** English and German, without accents. Words of six letters and more are found in others too: German joins them. */
const words: Record<Exclude<Sensitivity, 'document'>, readonly string[]> = {
  identity: lines(
    'passport, passports, pass, reisepass, ausweis, ausweise, personalausweis, personalausweise, perso, id, id card, ids',
    'identity, identity card, identification, driver, drivers, driving licence, driving license, licence, license, dl',
    'fuhrerschein, fuehrerschein, visa, visum, aufenthaltstitel, aufenthaltserlaubnis, residence permit, permit, ssn',
    'social security, sozialversicherung, sozialversicherungsausweis, svnr, birth certificate, geburtsurkunde, selfie',
    'marriage certificate, heiratsurkunde, eheurkunde, meldebescheinigung, meldebestatigung, meldebestaetigung, kyc',
  ),
  medical: lines(
    'medical, medicine, befund, befunde, arztbrief, arzt, doctor, lab, labs, labor, laborbericht, laborwerte, blutbild',
    'prescription, prescriptions, rezept, diagnosis, diagnose, diagnosen, patient, patientin, patienten, hospital',
    'krankenhaus, klinik, clinic, health, gesundheit, gesundheitskarte, insurance, insurance card, krankenkasse',
    'krankenversicherung, versicherung, versicherungskarte, krankschreibung, krankmeldung, sick note, arbeitsunfahigkeit',
    'arbeitsunfaehigkeit, attest, mrt, mri, xray, x ray, rontgen, roentgen, ultraschall, vaccination, impfpass, impfung',
    'therapie, therapy, medikation, medikamente, medication, allergie, pflegegrad, biopsie, biopsy, anamnese, egk',
  ),
  financial: lines(
    'bank, bank statement, statement, statements, bankauszug, kontoauszug, kontoauszuge, kontoauszuege, konto, iban, bic',
    'account, payslip, payslips, pay slip, paystub, pay stub, salary, payroll, gehalt, gehaltsabrechnung, lohn',
    'lohnabrechnung, gehaltszettel, verdienstbescheinigung, tax, taxes, tax return, steuer, steuerbescheid',
    'steuererklarung, steuererklaerung, lohnsteuer, lohnsteuerbescheinigung, w2, credit card, creditcard, kreditkarte',
    'kreditkartenabrechnung, debit card, girocard, schufa, credit report, mortgage, hypothek, loan, darlehen, kredit',
    'kreditvertrag, depot, depotauszug, rentenbescheid, rente, pension, insolvenz',
  ),
};

const patterns = Object.entries(words).map(
  ([reason, list]) => [reason as Sensitivity, new RegExp(list.map(patternOf).join('|'))] as const,
);

/** Cards are 85.60 by 53.98 mm (ISO/IEC 7810, ID-1); passports and paper √2 to 1 (125 by 88 mm; ISO 216). */
const proportions = [85.6 / 53.98, Math.SQRT2, 125 / 88];
const tolerance = 0.008;

export function sensitivityOf(name: string, picture: Picture | undefined): Sensitivity[] {
  const spoken = spokenOf(name);
  const reasons = patterns.filter(([, pattern]) => pattern.test(spoken)).map(([reason]) => reason);
  return picture !== undefined && isDocumentShaped(picture) ? [...reasons, 'document'] : reasons;
}

function isDocumentShaped({ width, height }: Picture): boolean {
  const proportion = Math.max(width, height) / Math.min(width, height);
  return proportions.some((each) => Math.abs(proportion / each - 1) <= tolerance);
}

/** The name as words in small letters, each between spaces: `scanIDCard_2.jpg` is ` scan id card 2 jpg `. */
function spokenOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss');
  const split = plain
    .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
    .replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1 ')
    .replace(/(\p{L})(?=\p{N})|(\p{N})(?=\p{L})/gu, '$1$2 ')
    .toLowerCase();
  return ` ${split.replace(/[^\p{L}\p{N}]+/gu, ' ')} ${plain.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
}

function patternOf(word: string): string {
  return word.length < 6 ? ` ${word} ` : word;
}

function lines(...texts: string[]): string[] {
  return texts.flatMap((text) => text.split(', '));
}
