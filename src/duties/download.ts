/** Files that are written as they are sent, so that none is too long. */
import type { Options } from 'csv-stringify/sync';
import { sealedAnswer } from '../chat/files.ts';
import { dataHeaders } from '../headers.ts';
import type { Ctx } from '../http.ts';
import { unlessHeld } from '../people/containment.ts';
import { sealedTo } from '../people/pgp.ts';
import type { HeldMode } from '../protocol/containment.ts';
import type { PgpKey } from '../vault.ts';

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

/** `mode`: by which it is cut off where that is held back meanwhile. `pgp`: the key that it is sealed to; null: to none. */
type What = { name: string; type: string; mode?: HeldMode; pgp: PgpKey | null };

/** @throws {Refusal} pgp_unfit */
export async function file(
  c: Ctx,
  { name, type, mode, pgp }: What,
  text: AsyncGenerator<string>,
): Promise<Response> {
  const whole = new ReadableStream<string>({
    pull: async (controller) => {
      const next = await text.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  }).pipeThrough(new TextEncoderStream());
  const body = mode === undefined ? whole : unlessHeld(c.env, mode, whole);
  if (pgp !== null) return sealedAnswer(c, `${name}.pgp`, await sealedTo(pgp.armoured, body));
  return c.newResponse(body, 200, {
    ...dataHeaders,
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
  });
}
