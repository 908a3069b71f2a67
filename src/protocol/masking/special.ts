/**
 * Words of health and of the other special categories (GDPR, article 9), in English and German. They are worth a
 * question to whoever writes; nothing is masked for them.
 */
import type { Finder } from './hits.ts';

const words =
  // Health
  'hiv|aids|cancer|tumou?r|diabetes|diabetic|epilepsy|depression|bipolar|schizophreni[ac]|autis(?:m|tic)|adhd|ptsd|dementia|' +
  'pregnan(?:t|cy)|miscarriage|abortion|infertility|hepatitis|chemotherapy|radiotherapy|antidepressants?|psychiatrist|' +
  'psychotherap(?:y|ist)|diagnos(?:is|ed)|prescription|medical records?|blood test|disabilit(?:y|ies)|suicid(?:e|al)|' +
  'self-harm|addiction|overdose|rehab|' +
  'krebs|tumor|zuckerkrank|epilepsie|depressionen|schizophrenie|autismus|demenz|schwanger(?:schaft)?|fehlgeburt|abtreibung|' +
  'chemotherapie|bestrahlung|antidepressiva|psychiater(?:in)?|psychotherapie|diagnose|befund|rezept|arztbrief|krankenakte|' +
  'blutwerte|krankschreibung|krankgeschrieben|schwerbehinder(?:t|ung)|behinderung|suizid|selbstmord|entzug|' +
  // Origin, opinions, religion, unions, sexual life, genes and biometrics
  'ethnicity|ethnic origin|asylum seeker|refugee status|religio(?:n|us belief)|muslim|jewish|christian faith|trade union|' +
  'union member|political (?:party|opinion)s?|sexual orientation|homosexual|bisexual|transgender|gender identity|' +
  'genetic test|dna test|fingerprints?|' +
  'ethnische herkunft|asylbewerber(?:in)?|konfession|glaubensgemeinschaft|muslimisch|jüdisch|gewerkschaft(?:smitglied)?|' +
  'parteimitglied|sexuelle orientierung|geschlechtsidentität|gentest|fingerabdr(?:uck|ücke)';
const pattern = new RegExp(String.raw`(?<![\p{L}\d])(?:${words})(?![\p{L}\d])`, 'giu');

export const findSpecial: Finder = (plain) =>
  [...plain.matchAll(pattern)].map(({ index, 0: found }) => ({
    from: index,
    to: index + found.length,
    shown: found,
  }));
