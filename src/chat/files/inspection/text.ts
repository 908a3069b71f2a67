/** Text: all of it is UTF-8 and nothing in it is for a machine. */
import { Refusal } from '../../../protocol/refusals.ts';

/** All but tab, line feed, form feed and carriage return. */
const control = /[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]/;

/**
 * Reads all of it.
 * @throws {Refusal} file_type_refused
 */
export async function checkText(file: ReadableStream<Uint8Array>): Promise<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const piece of file) checkPart(() => decoder.decode(piece, { stream: true }));
  checkPart(() => decoder.decode());
}

function checkPart(decoded: () => string): void {
  let text;
  try {
    text = decoded();
  } catch {
    throw unknown();
  }
  if (control.test(text)) throw unknown();
}

function unknown(): Refusal {
  return new Refusal(
    'file_type_refused',
    'This is neither text in UTF-8 nor a file of a kind that is taken here.',
  );
}
