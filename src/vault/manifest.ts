import { utf8 } from './binding.ts';
import { fromBase64url, toBase64url } from './bytes.ts';
import { HEADER_BYTES } from './cobblestone.ts';
import { VaultError, type VaultErrorCode } from './error.ts';

const NOTHING = new Uint8Array(0);

/** A part of a file as it was sealed in the end. */
export interface FilePart {
  /** What tells the object that holds it from those of other attempts. */
  readonly attempt: string;
  /** How many bytes of the file it has. */
  readonly length: number;
  /** The header of its message: no other message opens in its place. */
  readonly header: Uint8Array;
}

/** What a file is made of, in order. A file without bytes has no parts. */
export interface FileManifest {
  readonly length: number;
  readonly parts: readonly FilePart[];
}

/** @throws VaultError `input_malformed`: the parts are not the whole, or one has no bytes or no header */
export function writeManifest(manifest: FileManifest): Uint8Array {
  requireWhole(manifest, 'input_malformed');
  const parts = manifest.parts.map(({ attempt, length, header }) => ({
    attempt,
    length,
    header: toBase64url(header),
  }));
  return utf8(JSON.stringify({ length: manifest.length, parts }));
}

/** @param bytes as `writeManifest` wrote them; that nobody else did is for whoever opened them to know */
export function readManifest(bytes: Uint8Array): FileManifest {
  const { length, parts } = JSON.parse(new TextDecoder().decode(bytes)) as Written;
  const manifest = {
    length,
    parts: parts.map(({ attempt, length, header }) => ({
      attempt,
      length,
      header: fromBase64url(header) ?? NOTHING,
    })),
  };
  requireWhole(manifest, 'envelope_malformed');
  return manifest;
}

interface Written {
  readonly length: number;
  readonly parts: readonly { readonly attempt: string; readonly length: number; readonly header: string }[];
}

function requireWhole({ length, parts }: FileManifest, code: VaultErrorCode): void {
  const sound = parts.every(
    (part) => Number.isInteger(part.length) && part.length > 0 && part.header.length === HEADER_BYTES,
  );
  if (!sound || parts.reduce((sum, part) => sum + part.length, 0) !== length)
    throw new VaultError(code, 'these parts are not the whole file');
}
