/** What is in a zip: an office document, without anything that runs, or an archive of files. */
import {
  cleanName,
  extensionOf,
  isRunnable,
  kinds,
  type KindName,
  secretsIn,
} from '../../../protocol/files.ts';
import { Refusal } from '../../../protocol/refusals.ts';
import { broken, type FileBytes, letters } from './input.ts';
import { headBytes, isProgram } from './signatures.ts';
import { entriesOf } from './zip.ts';

const CONTENT_TYPES = '[Content_Types].xml';
const contentTypesMax = 1024 * 1024;
const ODF_TYPE = 'mimetype';

/** Archives in archives: nobody looks into them, and some have no end. Office documents are zips, and may be there. */
const archives = new Set('zip rar 7z gz tgz bz2 xz zst lz lzma z cab arj ace tar cpio'.split(' '));
const packed = /^(?:PK\x03\x04|Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd|MSCF)/;
const office = new Set('docx xlsx pptx odt ods odp'.split(' '));

export interface Contents {
  readonly kind: KindName;
  readonly hasSecrets: boolean;
}

/**
 * Reads and unpacks all of it.
 * @throws {Refusal} file_harmful, file_broken, file_locked, file_type_refused
 */
export async function contentsOf(file: FileBytes): Promise<Contents> {
  let [contentTypes, odfType, first] = ['', '', ''];
  let isNested = false;
  let isRun = false;
  let hasScripts = false;
  let hasSecrets = false;
  for await (const { name, head } of entriesOf(file, headOf)) {
    const start = letters(head.subarray(0, headBytes));
    const extension = extensionOf(cleanName(name));
    first ||= name;
    if (name === CONTENT_TYPES) contentTypes = textOf(head);
    if (name === ODF_TYPE) odfType = start;
    if (isProgram(head)) throw new Refusal('file_harmful', 'There is a program in this archive.');
    isRun ||= isRunnable(extension);
    isNested ||= archives.has(extension) || (packed.test(start) && !office.has(extension));
    hasScripts ||= /^(?:Basic|Scripts)\/|vba(?:Project|Data)/i.test(name);
    hasSecrets ||= (await secretsIn(name, start)).length > 0;
  }
  const kind = officeKind(contentTypes, first === ODF_TYPE ? odfType : '');
  if (kind !== undefined) {
    if (hasScripts || /macroEnabled|vbaProject|activeX|macrosheet/i.test(contentTypes)) {
      throw new Refusal('file_harmful', 'There are macros in this document.');
    }
    return { kind, hasSecrets: false };
  }
  if (contentTypes !== '' || odfType !== '') {
    throw new Refusal('file_type_refused', 'Documents of this kind are not taken here.');
  }
  if (isRun) throw new Refusal('file_harmful', 'There is a program or a page in this archive.');
  if (isNested) throw new Refusal('file_harmful', 'There is another archive in this archive.');
  return { kind: 'zip', hasSecrets };
}

function headOf(name: string): number {
  return name === CONTENT_TYPES ? contentTypesMax : headBytes;
}

/** The list of what a document's parts are: plain, so that nothing in it can be said in another way. */
function textOf(bytes: Uint8Array): string {
  if (bytes.byteLength === contentTypesMax) throw broken('it says too much of itself');
  const text = new TextDecoder('utf-8').decode(bytes);
  if (/[&\0]|<!/.test(text)) throw new Refusal('file_harmful', 'This document hides what is in it.');
  return text;
}

function officeKind(contentTypes: string, odfType: string): KindName | undefined {
  const main = (kind: 'docx' | 'xlsx' | 'pptx') =>
    contentTypes.includes(`"${kinds[kind].mediaType}.main+xml"`);
  return (
    (['docx', 'xlsx', 'pptx'] as const).find(main) ??
    (['odt', 'ods', 'odp'] as const).find((kind) => odfType === kinds[kind].mediaType)
  );
}
