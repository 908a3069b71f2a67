/** Whether a password has a length that can be, as the server counts it: in code points of the composed form. */
import { limits } from '../../../protocol/limits.ts';
import { words } from '../words.ts';

/** What is wrong with it, or null. */
export function lengthProblem(password: string): string | null {
  const { length } = Array.from(password.normalize('NFC'));
  if (length < limits.passwordMin) return words.passwordShort;
  return length > limits.passwordMax ? words.passwordLong : null;
}
