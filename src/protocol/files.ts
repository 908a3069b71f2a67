/**
 * Which kinds of file there are, for browsers and the Worker alike. What a file is, its bytes decide; here stands what
 * its kind means. A kind that is not here is not taken.
 */
import type { Secret } from './files/secrets.ts';

export { cleanName, extensionOf, isRunnable } from './files/names.ts';
export type { Secret };

export const groups = ['image', 'pdf', 'text', 'office', 'audio', 'video', 'archive'] as const;
export type Group = (typeof groups)[number];

/** A kind of file. Its first extension is the one that a file without any is given. */
export interface Kind {
  readonly group: Group;
  readonly mediaType: string;
  readonly extensions: readonly string[];
  /** May a page show it by itself, rather than only let it be saved? */
  readonly inline: boolean;
}

const openXml = 'application/vnd.openxmlformats-officedocument';
const openDocument = 'application/vnd.oasis.opendocument';

export const kinds = {
  jpeg: kind('image', 'image/jpeg', 'jpg jpeg jfif', true),
  png: kind('image', 'image/png', 'png apng', true),
  gif: kind('image', 'image/gif', 'gif', true),
  webp: kind('image', 'image/webp', 'webp', true),
  pdf: kind('pdf', 'application/pdf', 'pdf', true),
  // Whatever it is called, it is shown as text and as nothing else.
  text: kind(
    'text',
    'text/plain; charset=utf-8',
    'txt text csv tsv log json jsonl har md markdown yaml yml ini conf cfg toml env pem srt vtt ics vcf',
    true,
  ),
  docx: kind('office', `${openXml}.wordprocessingml.document`, 'docx', false),
  xlsx: kind('office', `${openXml}.spreadsheetml.sheet`, 'xlsx', false),
  pptx: kind('office', `${openXml}.presentationml.presentation`, 'pptx', false),
  odt: kind('office', `${openDocument}.text`, 'odt', false),
  ods: kind('office', `${openDocument}.spreadsheet`, 'ods', false),
  odp: kind('office', `${openDocument}.presentation`, 'odp', false),
  mp3: kind('audio', 'audio/mpeg', 'mp3', true),
  m4a: kind('audio', 'audio/mp4', 'm4a', true),
  ogg: kind('audio', 'audio/ogg', 'ogg oga opus', true),
  wav: kind('audio', 'audio/wav', 'wav', true),
  flac: kind('audio', 'audio/flac', 'flac', true),
  mp4: kind('video', 'video/mp4', 'mp4 m4v', true),
  webm: kind('video', 'video/webm', 'webm', true),
  mov: kind('video', 'video/quicktime', 'mov', true),
  zip: kind('archive', 'application/zip', 'zip', false),
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as readonly KindName[];

/** Why a file stays covered until somebody says why they look at it. */
export const sensitivities = ['identity', 'medical', 'financial', 'document'] as const;
export type Sensitivity = (typeof sensitivities)[number];

/** What staff should know of a file before they pass it on. */
export type Mark = 'secrets';

/** As much of a text as is looked at for secrets, in bytes. */
export const secretsHead = 64 * 1024;

/**
 * Which secrets a file seems to hold, by its name and the beginning of its text. What this finds is worth a question,
 * and that it finds nothing proves nothing.
 * @param head the first `secretsHead` bytes as text, or '' where it is not text
 */
export async function secretsIn(name: string, head: string): Promise<Secret[]> {
  const { secretsOf } = await import('./files/secrets.ts');
  return secretsOf(name, head.slice(0, secretsHead));
}

function kind<const G extends Group>(group: G, mediaType: string, extensions: string, inline: boolean) {
  return { group, mediaType, extensions: extensions.split(' '), inline };
}
