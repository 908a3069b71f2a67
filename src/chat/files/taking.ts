/** Taking a file in: its parts into the bucket, and once all are there, looking at what it is. */
import { type Env, vaultOf } from '../../config.ts';
import type { FileRules } from '../../protocol/bodies.ts';
import type { FileView } from '../../protocol/frames.ts';
import { kinds } from '../../protocol/files.ts';
import type { ConversationId, FileId } from '../../protocol/ids.ts';
import { Refusal, type RefusalCode } from '../../protocol/refusals.ts';
import { type FileManifest, type FilePart, VaultError } from '../../vault.ts';
import { inspect, isPicture, streamOf, stripped, type Verdict } from './inspection.ts';
import { coversOf } from './rules.ts';
import { filePlace, StoredFile } from './stored.ts';

type About = NonNullable<FileView['about']>;
type Place = { conversation: ConversationId; file: FileId };
/** An upload as the conversation knows it. */
type Upload = { record: Uint8Array; bytes: number; parts: readonly (FilePart | null)[]; about: About };

/** @throws {Refusal} file_changed: the body has not the length that was said */
export async function storedPart(
  env: Env,
  { conversation, file }: Place,
  { record }: Upload,
  part: { number: number; bytes: number; body: ReadableStream<Uint8Array> | null },
): Promise<FilePart> {
  const key = await (await vaultOf(env)).fileKey(filePlace(conversation, file), record);
  try {
    const stored = new StoredFile(env.FILES, conversation, file);
    return await stored.put(key, part.number, part.body ?? nothing(), part.bytes);
  } catch (error) {
    throw error instanceof VaultError && error.code === 'input_malformed'
      ? new Refusal('file_changed')
      : error;
  }
}

function nothing(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      controller.close();
    },
  });
}

/** What was found out about a file, and what lies in the bucket of it in the end. */
export type Finished = {
  /** The attempts at its parts that were looked at. */
  looked: readonly string[];
  manifest: Uint8Array;
  bytes: number;
  about: About;
};

/**
 * Looks at all of a file. Of pictures what is kept is another file, without what they say of where and by whom they were
 * taken: then some parts were made, and others are replaced.
 *
 * @throws {Refusal} file_incomplete, and those of `isRefusedForGood`
 */
export async function finishedFile(
  env: Env,
  { conversation, file }: Place,
  { record, bytes, parts, about }: Upload,
  rules: FileRules,
): Promise<Finished & { made: readonly FilePart[]; replaced: readonly FilePart[] }> {
  const arrived = parts.filter((part) => part !== null);
  if (arrived.length < parts.length) throw new Refusal('file_incomplete');
  const key = await (await vaultOf(env)).fileKey(filePlace(conversation, file), record);
  const stored = new StoredFile(env.FILES, conversation, file);
  const taken: FileManifest = { length: bytes, parts: arrived };
  const plain = stored.plain(key, taken);
  const verdict = await inspect(plain, about.name, rules.groups);
  const { kind } = verdict;
  const made = isPicture(kind)
    ? await stored.putAll(
        key,
        stripped(() => streamOf(plain), kind),
      )
    : [];
  const kept = isPicture(kind) ? made : arrived;
  const length = kept.reduce((sum, part) => sum + part.length, 0);
  return {
    looked: arrived.map(({ attempt }) => attempt),
    manifest: await key.sealManifest(kept, length),
    bytes: length,
    about: aboutFrom(verdict, about, rules),
    made,
    replaced: isPicture(kind) ? arrived : [],
  };
}

function aboutFrom(verdict: Verdict, { sensitive }: About, rules: FileRules): About {
  const { kind, mediaType, name, width, height, marks } = verdict;
  return {
    name,
    mediaType,
    group: kinds[kind].group,
    shown: kinds[kind].inline,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    sensitive: coversOf(verdict.sensitive, sensitive.includes('sender'), rules),
    secrets: marks.includes('secrets'),
  };
}

/** What looking at the bytes has found stays so: nothing of the file is kept. */
const forGood: readonly RefusalCode[] = [
  'file_type_refused',
  'file_mismatch',
  'file_harmful',
  'file_broken',
  'file_locked',
];

export function isRefusedForGood(error: unknown): boolean {
  return error instanceof Refusal && forGood.includes(error.code);
}
