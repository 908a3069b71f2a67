/** Why a file can't be verified, or nothing proved from it, in words. */
import { LedgerFileError } from '../../../../../protocol/ledger-proof.ts';
import { inWords } from '../../../form/in-words.ts';
import { words } from '../words.ts';

export function whyOf(error: unknown): string {
  if (error instanceof LedgerFileError) return error.message;
  if (!(error instanceof DOMException)) return inWords(error);
  // Ed25519 is younger than some browsers; else it is the file, which was moved or changed.
  return error.name === 'NotSupportedError' ? words.tooOld : words.fileGone;
}
