/** Paragraphs of the HIPAA Security Rule (45 CFR 164, subpart C), and what stands beside it. */
import { control, type Proof } from './control.ts';

const c = (id: string, title: string, proof: Proof) => control(`164.${id}`, undefined, title, proof);
const YOURS = 'For whoever runs Sotto to do and to write down; the profile HIPAA has a place to note it.';
const ROOMS = 'Rooms and machines: Cloudflare’s, and of those who work there whoever runs Sotto.';

export const hipaaControls = [
  c('308(a)(1)(ii)(A)', 'Risks are known', { docs: 'SECURITY.md', open: YOURS }),
  c('308(a)(1)(ii)(B)', 'And made small', { by: 'S2 P1 K1', docs: 'SECURITY.md' }),
  c('308(a)(1)(ii)(C)', 'Who breaks rules hears of it', { open: YOURS }),
  c('308(a)(1)(ii)(D)', 'What was done is looked at', {
    by: 'L8 L10 M2 A3 A16',
    acts: 'ledger.read alarm.raise alarms.answer',
  }),
  c('308(a)(2)', 'Somebody answers for it', { by: 'D47', open: YOURS }),
  c('308(a)(3)(ii)(A)', 'People are let in', { by: 'S7 P3', acts: 'people.invite' }),
  c('308(a)(3)(ii)(B)', 'As far as they should be', { by: 'P1 P6', acts: 'roles.change people.change' }),
  c('308(a)(3)(ii)(C)', 'And let out again', {
    by: 'W4 C27 N23 N24',
    acts: 'people.change people.endSessions',
  }),
  c('308(a)(4)', 'Rights are given by a rule', {
    by: 'P1 P2 P6 T2',
    docs: 'docs/DOORS.md',
    acts: 'roles.change teams.change',
  }),
  c('308(a)(5)(i)', 'People are trained', {
    by: 'E4 E5 E7 E10 A22',
    acts: 'training.assign training.answer',
    docs: 'docs/TRAINING.md',
  }),
  c('308(a)(5)(ii)(A)', 'And reminded', { by: 'E6 E8 E12' }),
  c('308(a)(5)(ii)(B)', 'Harmful software is kept out', { by: 'F12 F25 F41', docs: 'docs/SCANNER.md' }),
  c('308(a)(5)(ii)(C)', 'Sign-ins are watched', {
    by: 'S4 S15 L7',
    acts: 'signIn.factor door.refused',
    outside: 'sign-in-limit',
  }),
  c('308(a)(5)(ii)(D)', 'Passwords are good', { by: 'S8 S13', outside: 'wrong-password' }),
  c('308(a)(6)(i)', 'There is a policy for incidents', { by: 'N1 N2 N3 A22', acts: 'incident.approve' }),
  c('308(a)(6)(ii)', 'Incidents are met', {
    by: 'M2 M3 N4 N9 N11 N20 N21 N23 N30 N40 N41',
    acts: 'alarm.raise alarms.answer incident.declare incident.lead incident.contain',
  }),
  c('308(a)(7)(ii)(A)', 'There are backups', {
    by: 'R1 R5 R7',
    acts: 'backup.make backup.begin',
    docs: 'docs/BACKUPS.md',
  }),
  c('308(a)(7)(ii)(B)', 'They can be put back', {
    by: 'R9 R13 R30',
    acts: 'backup.restore backup.return',
    docs: 'docs/OPERATING.md',
  }),
  c('308(a)(7)(ii)(C)', 'Work goes on meanwhile', { by: 'R6 C15 N20', open: YOURS }),
  c('308(a)(7)(ii)(D)', 'That was tried', { by: 'R16 R17 N40 N46', acts: 'backup.drill' }),
  c('308(a)(7)(ii)(E)', 'What matters most comes first', { open: YOURS }),
  c('308(a)(8)', 'All of it is looked at again', {
    by: 'A1 A3 A5 A30 L14',
    acts: 'checks.look',
    docs: 'docs/CHECKS.md docs/OPERATING.md',
  }),
  c('308(b)(1)', 'Whoever works for you has agreed to it', { by: 'D44', open: YOURS }),
  c('310(a)(1)', 'Rooms are locked', { open: ROOMS }),
  c('310(b)', 'Screens are used as they should be', { by: 'S18', open: ROOMS }),
  c('310(c)', 'And guarded', { by: 'S18', open: ROOMS }),
  c('310(d)(1)', 'Media are destroyed or wiped', { by: 'D25 F45', open: ROOMS }),
  c('312(a)(1)', 'Only who may gets in', { by: 'P1 P2', tests: 'worker-tests/doors.test.ts' }),
  c('312(a)(2)(i)', 'Everybody is known by themselves', { by: 'S2 L7' }),
  c('312(a)(2)(ii)', 'There is a way in when all else fails', {
    by: 'S17 S20',
    acts: 'people.reset signIn.ownerKey',
  }),
  c('312(a)(2)(iii)', 'Whoever is away is signed out', { by: 'S6 S18' }),
  c('312(a)(2)(iv)', 'What is kept is sealed', { by: 'K1 K8 F37', docs: 'docs/ENVELOPE.md' }),
  c('312(b)', 'What is done is recorded', {
    by: 'L1 L6 L7 L8',
    docs: 'docs/LEDGER.md',
    outside: 'checkpoint ledger-tree',
  }),
  c('312(c)(1)', 'Nothing is changed unseen', { by: 'K1 F2 L6' }),
  c('312(c)(2)', 'And that can be shown', {
    by: 'L9 L12 L14',
    acts: 'ledger.export ledger.check conversation.close',
  }),
  c('312(d)', 'People prove who they are', { by: 'S2 S11 V8 F47', acts: 'signIn.factor visitor.prove' }),
  c('312(e)(1)', 'Nobody listens on the way', {
    by: 'K4',
    outside: 'tls-old tls-new certificate https-redirect hsts foreign-sockets',
  }),
  c('312(e)(2)(i)', 'And nobody changes it there', { by: 'C2 C3', outside: 'tls-new' }),
  c('312(e)(2)(ii)', 'It is sealed there', {
    outside: 'tls-old tls-new https-redirect',
    docs: 'SECURITY.md',
  }),
  c('314(a)', 'Contracts say so', { by: 'D44', open: YOURS }),
  c('316(b)(1)', 'Rules are written down', { docs: 'docs/RULES.md', open: YOURS }),
  c('316(b)(2)(i)', 'And kept for six years', { by: 'D57 L13' }),
  c('404', 'Breaches are told to whom they concern', {
    by: 'N6 N7 N33',
    open: 'Telling them is for whoever runs Sotto.',
  }),
  c('502(b)', 'Nobody sees more than they need', { by: 'P7 F42 D1 M1' }),
];
