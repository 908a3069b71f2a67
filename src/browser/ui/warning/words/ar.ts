/** Arabic. */
import type { WarningWords } from '../words.ts';

export default {
  kinds: {
    card: 'بيانات بطاقة',
    iban: 'رقم حساب مصرفي',
    nationalId: 'رقم هوية',
    secret: 'كلمة مرور أو مفتاح',
  },
  looksLike: (what) => `يبدو هذا مثل ${what}. إذا أرسلته فسيُحجب هذا الجزء ولن يتمكن أحد من قراءته.`,
  special: 'يبدو أن هذا يتعلق بالصحة أو بأمر آخر شخصي جدًا. سيُرسل كما كتبته، فلا تذكر منه أكثر مما يلزم.',
  change: 'تعديل',
  again: 'إرسال رغم ذلك',
  masked: (what) => `حُجب هنا: ${what}. لا يمكن لأحد قراءته.`,
} satisfies WarningWords;
