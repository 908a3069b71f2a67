/**
 * What a file is. Its bytes say it; its name may only agree. Whatever is read here was sent by somebody who may mean
 * harm, and is as long as they like: it is read by pieces and nothing in it is run, drawn or believed.
 */
import {
  cleanName,
  extensionOf,
  type Group,
  isRunnable,
  kindNames,
  type KindName,
  kinds,
  type Mark,
  secretsHead,
  secretsIn,
  type Sensitivity,
} from '../../protocol/files.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { contentsOf } from './inspection/archive.ts';
import { type FileBytes, streamOf } from './inspection/input.ts';
import { checkPdf } from './inspection/pdf.ts';
import { measured, type PictureKind, stripped } from './inspection/pictures.ts';
import type { Picture } from './inspection/pictures/picture.ts';
import { sensitivityOf } from './inspection/sensitive.ts';
import { headBytes, isPage, isProgram, kindsOf } from './inspection/signatures.ts';
import { checkText } from './inspection/text.ts';
import { endsAsZip } from './inspection/zip.ts';

export { type FileBytes, type PictureKind, streamOf, stripped };

/** What is known of a file that may come in. */
export interface Verdict {
  readonly kind: KindName;
  readonly mediaType: string;
  /** Under which it is shown and saved: clean, and with an extension of its kind. */
  readonly name: string;
  /** Of a picture, as it lies; one that is turned is shown the other way round. */
  readonly width?: number;
  readonly height?: number;
  readonly sensitive: readonly Sensitivity[];
  readonly marks: readonly Mark[];
}

/** Of these kinds only the stripped file may be kept. */
export function isPicture(kind: KindName): kind is PictureKind {
  return kinds[kind].group === 'image';
}

/**
 * Reads the file to its end, most kinds once.
 * @param claimed what it is called where it comes from
 * @throws {Refusal} file_broken, file_type_refused, file_mismatch, file_harmful, file_locked
 */
export async function inspect(file: FileBytes, claimed: string, allowed: readonly Group[]): Promise<Verdict> {
  if (file.bytes === 0) throw new Refusal('file_broken', 'This file is empty.');
  const name = cleanName(claimed);
  const extension = extensionOf(name);
  const head = await file.read(0, Math.min(headBytes, file.bytes));
  if (isProgram(head)) throw new Refusal('file_harmful', 'This is a program.');
  if (isRunnable(extension)) throw new Refusal('file_harmful', 'By its name this is a program or a page.');
  const agreeing = agreeingOf(head, extension);
  if (agreeing.length === 0) throw new Refusal('file_mismatch');
  const expected = agreeing.filter((kind) => allowed.includes(kinds[kind].group));
  const [first] = expected;
  if (first === undefined) throw new Refusal('file_type_refused');
  const { kind, picture, hasSecrets } = await examined(file, first, claimed);
  if (!expected.includes(kind)) throw new Refusal(extension === '' ? 'file_type_refused' : 'file_mismatch');
  return {
    kind,
    mediaType: kinds[kind].mediaType,
    name: hasExtension(name, kind) ? name : cleanName(`${name}.${kinds[kind].extensions[0]}`),
    ...(picture === undefined ? {} : { width: picture.width, height: picture.height }),
    sensitive: sensitivityOf(claimed, picture),
    marks: hasSecrets ? ['secrets'] : [],
  };
}

/** What it can be by its first bytes, as far as its name agrees. Text may end as nothing else does: `error.log.1`. */
function agreeingOf(head: Uint8Array, extension: string): readonly KindName[] {
  const begun = kindsOf(head);
  const named = kindNames.filter((kind) => hasExtension(`.${extension}`, kind));
  const isText = begun.length === 0;
  const possible: readonly KindName[] = isText ? ['text'] : begun;
  const isOpen = extension === '' || (isText && named.length === 0);
  return isOpen ? possible : possible.filter((kind) => named.includes(kind));
}

interface Found {
  readonly kind: KindName;
  readonly picture?: Picture;
  readonly hasSecrets?: boolean;
}

/** @param kind what it seems to be; of a zip, only that it is one */
async function examined(file: FileBytes, kind: KindName, claimed: string): Promise<Found> {
  if (isPicture(kind)) return { kind, picture: await measured(streamOf(file), kind) };
  const { group } = kinds[kind];
  if (group === 'text') return { kind, hasSecrets: await readAsText(file, claimed) };
  if (group === 'office' || group === 'archive') return contentsOf(file);
  if (group === 'pdf') await checkPdf(file);
  if (await endsAsZip(file)) throw new Refusal('file_harmful', 'This file is an archive as well.');
  return { kind };
}

/** @returns whether it seems to hold secrets */
async function readAsText(file: FileBytes, claimed: string): Promise<boolean> {
  const head = new TextDecoder().decode(await file.read(0, Math.min(secretsHead, file.bytes)));
  if (isPage(head)) throw new Refusal('file_type_refused', 'Pages and pictures in SVG are not taken here.');
  await checkText(streamOf(file));
  return (await secretsIn(claimed, head)).length > 0;
}

function hasExtension(name: string, kind: KindName): boolean {
  return (kinds[kind].extensions as readonly string[]).includes(extensionOf(name));
}
