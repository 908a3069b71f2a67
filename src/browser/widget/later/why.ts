/** Why something did not work, in words for a customer. */
import { ApiError } from '../../api.ts';
import { words } from './words.ts';

export function whyNot(error: unknown): string {
  return (error instanceof ApiError ? words.why[error.code] : undefined) ?? words.failed;
}
