/** Articles of the General Data Protection Regulation, (EU) 2016/679, that software can do something about. */
import { control, type Proof } from './control.ts';

const c = (id: string, title: string, proof: Proof) => control(`Art. ${id}`, undefined, title, proof);
const YOURS = 'For whoever runs Sotto to write down; the profile GDPR has a place to note it.';

export const gdprControls = [
  c('5(1)(c)', 'No more than it takes', { by: 'D1 D4 W7', docs: 'docs/PRIVACY.md' }),
  c('5(1)(d)', 'Right, and mended where it is not', { by: 'L7', acts: 'customer.change' }),
  c('5(1)(e)', 'For no longer than it takes', {
    by: 'D10 D55 F45 D57',
    acts: 'conversation.expire retention.report',
    docs: 'docs/PRIVACY.md',
  }),
  c('5(1)(f)', 'Whole, and nobody else’s to see', { by: 'K1 K8 P1' }),
  c('5(2)', 'Able to be shown', { by: 'L1 L7 D40', docs: 'docs/LEDGER.md', outside: 'checkpoint' }),
  c('6', 'On a ground that the law knows', { open: YOURS }),
  c('7(1)', 'Consent that can be shown', { by: 'C24 D52' }),
  c('7(3)', 'Consent that can be taken back', { by: 'D52', acts: 'consent.withdraw' }),
  c('9', 'Special categories with special care', { by: 'D2 D14 F17 F42' }),
  c('12(3)', 'Answered in time', { by: 'D20 D51', acts: 'privacy.ask privacy.answer' }),
  c('12(6)', 'To whoever has proved who they are', { by: 'D21 D38' }),
  c('13', 'Told beforehand', {
    by: 'D46',
    open: 'What is told to customers is for whoever runs Sotto to write.',
  }),
  c('15', 'Told what there is', { by: 'D30 D31 D33 D35 D50', acts: 'customer.copy copy.open' }),
  c('16', 'Put right', { by: 'D48 L7', acts: 'customer.change' }),
  c('17', 'Erased, from backups too', { by: 'D23 D24 D25 R10', acts: 'privacy.erase conversation.erase' }),
  c('18', 'Kept, and nothing else', { by: 'D60 D61 D62' }),
  c('19', 'Others told of it', {
    by: 'D28',
    open: 'Nobody else receives anything, but for whom whoever runs Sotto names.',
  }),
  c('20', 'Taken along, for machines to read', { by: 'D31 D32', acts: 'customer.copy' }),
  c('21', 'Objected to', { by: 'D20 D48', acts: 'privacy.ask' }),
  c('25(1)', 'Built for it', { by: 'W7 P1 P7 C16', docs: 'docs/PRIVACY.md' }),
  c('25(2)', 'And set so from the start', { by: 'D6 D10 D55' }),
  c('28', 'Contracts with whoever works for you', { by: 'D44', open: YOURS }),
  c('30(1)', 'A record of what is done', { by: 'D46 D63 D67' }),
  c('32(1)(a)', 'Sealed', {
    by: 'K1 K8 F37',
    docs: 'docs/ENVELOPE.md',
    outside: 'tls-old tls-new certificate',
  }),
  c('32(1)(b)', 'Guarded, whole and there', {
    by: 'S2 W4 C9 O1 N20 N28',
    outside: 'ready headers-dashboard',
  }),
  c('32(1)(c)', 'Back soon after it was lost', {
    by: 'R9 R10 R16 R30',
    acts: 'backup.make backup.restore backup.drill',
    docs: 'docs/BACKUPS.md',
  }),
  c('32(1)(d)', 'Tried again and again', {
    by: 'L14 R16 A1 A3 A30',
    acts: 'ledger.check backup.drill checks.look',
    docs: 'docs/CHECKS.md',
  }),
  c('32(4)', 'Done by those alone who were told to', { by: 'P1 P2 L8 E5' }),
  c('33', 'Breaches told within 72 hours', {
    by: 'M2 M5 N6 N7 N11 N30',
    acts: 'alarm.raise alarms.answer incident.declare incident.lead',
  }),
  c('34', 'And to whom they concern', {
    by: 'N6 N7 N33',
    open: 'Telling them is for whoever runs Sotto.',
  }),
  c('35', 'Weighed beforehand', { open: YOURS }),
  c('39(1)(b)', 'Staff know what they have to', {
    by: 'E3 E4 E8 A22',
    acts: 'training.assign training.answer',
    docs: 'docs/TRAINING.md',
  }),
  c('44', 'Not sent where it is not safe', {
    by: 'D64 D65 D66 D67',
    docs: 'docs/PRIVACY.md',
    open: 'A contract for what leaves is for whoever runs Sotto.',
  }),
];
