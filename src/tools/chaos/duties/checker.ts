/**
 * What has to be so once long duties have come to their end, however often they were killed. It decides by what it is
 * shown alone, so that each kind of finding can be tested by evidence that was bent on purpose.
 */
import type { Row } from '../../engine/stored.ts';
import type { Finding } from '../checker/finding.ts';
import type { Stored, StoredTalk } from './raw.ts';

/** What is there of conversations, wherever anything of them may lie. */
export interface Standing {
  readonly directory: ReadonlySet<string>;
  readonly talks: ReadonlyMap<string, StoredTalk>;
  /** The names of objects of the key store and of files. */
  readonly keys: readonly string[];
  readonly files: readonly string[];
  readonly erased: ReadonlySet<string>;
}

/** Those that were to go are gone to the last trace, and all others are there. */
export function checkGone(
  { directory, talks, keys, files, erased }: Standing,
  gone: readonly string[],
  there: readonly string[],
): Finding[] {
  return [
    ...gone.flatMap((id): Finding[] => {
      const left = [
        ...(directory.has(id) ? ['its line'] : []),
        ...(talks.has(id) ? ['its rows'] : []),
        ...(keys.some((key) => key.includes(`/${id}/`)) ? ['its keys'] : []),
        ...(files.some((key) => key.startsWith(`${id}/`)) ? ['its files'] : []),
        ...(erased.has(id) ? [] : ['nobody knows of it that it was erased']),
      ];
      return left.length === 0
        ? []
        : [{ kind: 'not healed', what: `${id} was to be erased: ${left.join(', ')}` }];
    }),
    ...there.flatMap((id): Finding[] =>
      directory.has(id) && talks.has(id) && !erased.has(id)
        ? []
        : [{ kind: 'lost', what: `${id} was to stay` }],
    ),
  ];
}

/** Nothing that could open anything of theirs lies anywhere, and nothing in the clear. */
export function checkTraces(
  stored: readonly Stored[],
  keys: readonly Uint8Array[],
  marks: readonly string[],
): Finding[] {
  // Bytes stand in JSON as text.
  const wanted = [
    ...marks.map((mark) => ({ name: `“${mark}”`, bytes: Buffer.from(mark) })),
    ...keys.flatMap((key, n) => [
      { name: `key ${n} of somebody erased`, bytes: Buffer.from(key) },
      { name: `key ${n} of somebody erased`, bytes: Buffer.from(Buffer.from(key).toString('base64url')) },
    ]),
  ];
  return stored.flatMap(({ at, bytes }) =>
    wanted
      .filter((each) => bytes.includes(each.bytes))
      .map(({ name }): Finding => ({ kind: 'not healed', what: `${name} stands in ${at}` })),
  );
}

/** A row of a message as a backup writes it. */
export type MessageLine = { readonly conversation: string; readonly message: Row };

/** Every message that was there before a backup was begun lies in it, or in those that it builds upon, as it is. */
export function checkBackedUp(
  talks: Iterable<StoredTalk>,
  lines: readonly MessageLine[],
  begunAt: number,
): Finding[] {
  const nameOf = (conversation: string, position: unknown) => `${conversation} ${String(position)}`;
  const held = new Map(
    lines.map(({ conversation, message }) => [
      nameOf(conversation, message['position']),
      JSON.stringify(message),
    ]),
  );
  return [...talks].flatMap(({ id, messages }) =>
    messages
      .filter((row) => Number(row['at']) < begunAt)
      .flatMap((row): Finding[] => {
        const is = held.get(nameOf(id, row['position']));
        const what = `${id}, place ${String(row['position'])}`;
        if (is === undefined) return [{ kind: 'lost', what: `${what}: in no backup` }];
        return is === JSON.stringify(written(row))
          ? []
          : [{ kind: 'changed', what: `${what}: other in the backup` }];
      }),
  );
}

/** Bytes stand in a backup's lines as `{"b": base64url}`. */
function written(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? { b: Buffer.from(value).toString('base64url') } : value,
    ]),
  );
}

/** What lies in a bucket is what somebody names. */
export function checkNamed(what: string, there: readonly string[], named: readonly string[]): Finding[] {
  const [has, wants] = [new Set(there), new Set(named)];
  return [
    ...there
      .filter((name) => !wants.has(name))
      .map((name): Finding => ({ kind: 'not healed', what: `${what}: ${name} is named by nobody` })),
    ...named
      .filter((name) => !has.has(name))
      .map((name): Finding => ({ kind: 'lost', what: `${what}: ${name} is not there` })),
  ];
}

/** No record lies under a key that was thrown away. */
export function checkKeys(
  records: readonly { readonly at: string; readonly key: number }[],
  present: ReadonlySet<number>,
): Finding[] {
  return records
    .filter(({ key }) => !present.has(key))
    .map(({ at, key }): Finding => ({ kind: 'lost', what: `${at} lies under key ${key}, which is gone` }));
}

/** What somebody reads is what was said. */
export function checkSaid(where: string, read: readonly string[], said: readonly string[]): Finding[] {
  const same = read.length === said.length && said.every((text, n) => read[n] === text);
  return same ? [] : [{ kind: 'lost', what: `${where}: ${read.length} of ${said.length} texts, or others` }];
}
