/** Files that are written as they are sent, so that none is too long. */
import type { Options } from 'csv-stringify/sync';
import { dataHeaders } from '../headers.ts';
import type { Ctx } from '../http.ts';
import { unlessHeld } from '../people/containment.ts';
import type { HeldMode } from '../protocol/containment.ts';

/** A cell that a spreadsheet would take for a formula is kept from it (OWASP, CSV Injection). */
export const csvOptions: Options = { escape_formulas: true, record_delimiter: 'windows' };

export async function* textOf<Some>(
  all: AsyncGenerator<Some>,
  write: (some: Some) => string,
  head = '',
): AsyncGenerator<string> {
  yield head;
  for await (const some of all) yield write(some);
}

/** @param mode by which it is cut off where that is held back meanwhile */
export function file(
  c: Ctx,
  { name, type, mode }: { name: string; type: string; mode?: HeldMode },
  text: AsyncGenerator<string>,
): Response {
  const body = new ReadableStream<string>({
    pull: async (controller) => {
      const next = await text.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  }).pipeThrough(new TextEncoderStream());
  return c.newResponse(mode === undefined ? body : unlessHeld(c.env, mode, body), 200, {
    ...dataHeaders,
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
  });
}
