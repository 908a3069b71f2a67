import { scanFile } from '../../../chat/files.ts';
import { configOf, type Env } from '../../../config.ts';
import { eicar } from '../../eicar.ts';
import { type Check, day, failed, notRun, passed } from '../check.ts';

const oldest = 3;
const patience = 10_000;
const harmless = 'A harmless file of the security checks.';

export const scanner: Check = {
  id: 'scanner',
  group: 'outside',
  title: 'Files are scanned, and malware is found',
  measures: `Whether the scanner finds the test file of EICAR, lets a harmless one pass, and has signatures of the last ${oldest} days.`,
  why: 'Agents open what strangers send them.',
  answers: {
    asvs: ['5.4.3'],
    csf: ['DE.CM-09', 'PR.PS-05'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.308(a)(5)(ii)(B)'],
    cis: ['10.1', '10.2'],
  },
  fix: {
    how: 'Run a scanner, and tell Sotto of it (docs/SCANNER.md); see that its signatures are fetched.',
    place: null,
  },
  async run({ env, at }) {
    if (configOf(env).scanner === null)
      return failed('There is no scanner: no file is ever clean.', { isThere: false });
    const [bad, good] = await Promise.all([scanned(env, eicar), scanned(env, harmless)]);
    const found = { isThere: true, malware: bad.verdict, harmless: good.verdict };
    if (bad.verdict === 'failed')
      return notRun(`The scanner did not answer as it should (${bad.why}).`, found);
    if (bad.verdict !== 'infected' || good.verdict !== 'clean')
      return failed('The scanner takes malware for clean, or what is clean for malware.', found);
    const { signaturesAt } = good;
    if (signaturesAt === null) return notRun('The scanner can’t say how old its signatures are.', found);
    const days = Math.floor((at - signaturesAt) / day);
    return days <= oldest
      ? passed(`It finds malware, by signatures that are ${days} days old.`, { ...found, days })
      : failed(`Its signatures are ${days} days old.`, { ...found, days });
  },
};

function scanned(env: Env, text: string) {
  const bytes = new TextEncoder().encode(text);
  return scanFile(
    env,
    { bytes: bytes.length, patience },
    new Blob([bytes]).stream() as ReadableStream<Uint8Array>,
  );
}
