/** Reading a frame: what does not fit becomes a refusal with a stable code, and nothing else happens. */
import * as v from 'valibot';
import { whatDoesNotFit } from '../http.ts';
import { limits } from '../protocol/limits.ts';
import { refusals } from '../protocol/refusals.ts';

type FrameRefusal = 'binary_frame' | 'too_large' | 'malformed' | 'invalid';
export type ParsedFrame<Frame> = { done: Frame } | { refused: FrameRefusal; detail: string };

export function parseFrame<Schema extends v.GenericSchema>(
  schema: Schema,
  data: string | ArrayBuffer,
): ParsedFrame<v.InferOutput<Schema>> {
  if (typeof data !== 'string') return refused('binary_frame');
  if (isTooLarge(data)) return refused('too_large');
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return refused('malformed');
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  return result.success ? { done: result.output } : refused('invalid', whatDoesNotFit(result.issues[0]));
}

/** Counts bytes only where code units leave it open. */
function isTooLarge(data: string): boolean {
  if (data.length > limits.frameBytes) return true;
  return data.length * 3 > limits.frameBytes && new TextEncoder().encode(data).length > limits.frameBytes;
}

function refused(
  code: FrameRefusal,
  detail: string = refusals[code].detail,
): { refused: FrameRefusal; detail: string } {
  return { refused: code, detail };
}
