/**
 * What standards ask for, each with what there is to show for it: rules (and by them tests), documents, entries of the
 * ledger, checks. `npm run evidence` makes a pack of it for an auditor. It says what is shown, and of nothing that it is
 * compliant: who weighs it is somebody else.
 */
import { asvsPeople } from './controls/asvs-people.ts';
import { asvsSystem } from './controls/asvs-system.ts';
import { asvsWeb } from './controls/asvs-web.ts';
import { type Control } from './controls/control.ts';
import { gdprControls } from './controls/gdpr.ts';
import { hipaaControls } from './controls/hipaa.ts';
import { asvsLeftOut } from './controls/left-out.ts';

export { asvsLeftOut, type Control };

export type StandardId = 'asvs' | 'gdpr' | 'hipaa' | 'soc2' | 'iso27001';
/** `controls`: null where nobody has mapped it yet. */
export type Standard = { readonly name: string; readonly controls: readonly Control[] | null };

export const standards: Readonly<Record<StandardId, Standard>> = {
  asvs: { name: 'OWASP ASVS 5.0.0', controls: [...asvsWeb, ...asvsPeople, ...asvsSystem] },
  gdpr: { name: 'GDPR, (EU) 2016/679', controls: gdprControls },
  hipaa: { name: 'HIPAA Security Rule, 45 CFR 164', controls: hipaaControls },
  soc2: { name: 'SOC 2, Trust Services Criteria', controls: null },
  iso27001: { name: 'ISO/IEC 27001:2022, Annex A', controls: null },
};

/**
 * How a control stands. `tested`: a rule or a test file shows it. `checked`: a check from outside alone does. `written`: a
 * document alone does. `open`: nothing shows it, or something is said to be missing.
 */
export type Standing = 'tested' | 'checked' | 'written' | 'open';

export function standingOf({ rules, tests, outside, documents, open }: Control): Standing {
  if (open !== undefined) return 'open';
  if (rules.length + tests.length > 0) return 'tested';
  if (outside.length > 0) return 'checked';
  return documents.length > 0 ? 'written' : 'open';
}
