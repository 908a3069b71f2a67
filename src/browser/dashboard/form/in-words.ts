/** What went wrong, as the server says it. */
import { ApiError } from '../../api.ts';
import { words } from '../words.ts';

export function inWords(error: unknown): string {
  return error instanceof ApiError ? error.detail : words.unexpected;
}
