/**
 * PDF: it begins at the first byte and ends with its last mark. What it would do, scripts included, is not looked at:
 * much of it lies compressed. It is shown in a sandbox alone, and the scanner reads it.
 */
import { Refusal } from '../../../protocol/refusals.ts';
import { broken, type FileBytes, letters } from './input.ts';

/** Readers look for a header and for the end so far from the edges. */
const edge = 1024;

export async function checkPdf(file: FileBytes): Promise<void> {
  const head = letters(await file.read(0, Math.min(edge, file.bytes)));
  const tail = letters(await file.read(Math.max(0, file.bytes - edge), file.bytes));
  if (/<(?:html|script|svg|iframe|body|!doctype)\b/i.test(head)) {
    throw new Refusal('file_harmful', 'This PDF is a page as well.');
  }
  const last = tail.lastIndexOf('%%EOF');
  if (last === -1) throw broken('it has no end');

  if (/[^\s\0]/.test(tail.slice(last + 5))) {
    throw new Refusal('file_harmful', 'Something else hangs on the end of this PDF.');
  }
}
