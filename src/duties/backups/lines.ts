/** What a part holds: lines of JSON, packed. Bytes stand in them as `{"b": base64url}`. */
import { toBase64url } from '../../vault.ts';
import type { Cell } from './store.ts';

export function lineOf(table: string, row: Readonly<Record<string, Cell>>, without?: string): string {
  const cells = Object.entries(row).flatMap(([name, cell]) =>
    name === without
      ? []
      : [[name, Array.isArray(cell) ? { b: toBase64url(Uint8Array.from(cell)) } : cell] as const],
  );
  return `${JSON.stringify({ table, row: Object.fromEntries(cells) })}\n`;
}

export async function packed(text: string): Promise<Uint8Array> {
  const body = new Response(text).body;
  if (body === null) return new Uint8Array();
  return new Response(body.pipeThrough(new CompressionStream('gzip'))).bytes();
}

export async function unpacked(bytes: Uint8Array): Promise<string> {
  const body = new Response(bytes).body;
  return body === null ? '' : new Response(body.pipeThrough(new DecompressionStream('gzip'))).text();
}
