/** What somebody chooses, drops or pastes: what can't be taken is said at once, and what might be a secret is asked about. */
import { type Signal, signal } from '@preact/signals-core';
import type { FileRules } from '../../../protocol/bodies.ts';
import {
  cleanName,
  extensionOf,
  isRunnable,
  type Kind,
  kinds,
  type Secret,
  secretsHead,
  secretsIn,
} from '../../../protocol/files.ts';
import type { Uploads } from '../../connection/uploads.ts';

export type NotTaken = 'empty' | 'tooLarge' | 'harmful' | 'wrongKind';

interface Named {
  readonly name: string;
  readonly size: number;
}

/** What somebody has chosen and is asked about before it goes. */
export interface Asked {
  readonly file: File;
  readonly sensitive: boolean;
  readonly secrets: readonly Secret[];
}

export class Choosing {
  /** Whether it is shown what can be chosen. */
  readonly open: Signal<boolean> = signal(false);
  /** What was not taken, and why. */
  readonly refused: Signal<readonly { name: string; why: NotTaken }[]> = signal([]);
  /** What seems to hold secrets, and waits for a word. */
  readonly asked: Signal<readonly Asked[]> = signal([]);
  /** Whether what is chosen next is sensitive. */
  readonly sensitive: Signal<boolean> = signal(false);
  /** Something is dragged here. */
  readonly over: Signal<boolean> = signal(false);
  readonly rules: () => FileRules;
  #uploads: Pick<Uploads, 'add'>;

  constructor(uploads: Pick<Uploads, 'add'>, rules: () => FileRules) {
    this.#uploads = uploads;
    this.rules = rules;
  }

  async take(files: readonly File[]): Promise<void> {
    const sensitive = this.sensitive.peek();
    const looked = files.map((file) => ({ file, why: notTaken(file, this.rules()) }));
    this.refused.value = looked.flatMap(({ file: { name }, why }) => (why === null ? [] : [{ name, why }]));
    this.sensitive.value = false;
    this.over.value = false;
    this.open.value = this.refused.value.length > 0;
    for (const { file, why } of looked) {
      if (why !== null) continue;
      const secrets = await secretsOf(file);
      if (secrets.length === 0) this.#uploads.add(file, sensitive);
      else this.asked.value = [...this.asked.value, { file, sensitive, secrets }];
    }
  }

  /** The answer for the first that was asked about. */
  answer(send: boolean): void {
    const [first, ...others] = this.asked.value;
    this.asked.value = others;
    if (send && first !== undefined) this.#uploads.add(first.file, first.sensitive);
  }
}

/** Why a site would not take it, by its name and size; null if it may. The server looks at its bytes. */
export function notTaken({ name, size }: Named, rules: FileRules): NotTaken | null {
  const extension = extensionOf(cleanName(name));
  const groups = kindsOf(extension).map(({ group }) => group);
  if (isRunnable(extension)) return 'harmful';
  // What ends as nothing else does may be text, and what has no end at all anything.
  if (groups.length === 0 && extension !== '') groups.push('text');
  if (groups.length > 0 && !groups.some((group) => rules.groups.includes(group))) return 'wrongKind';
  if (size === 0) return 'empty';
  return size > rules.bytes ? 'tooLarge' : null;
}

/** For `accept`: phones offer the camera where pictures are named. */
export function acceptedBy({ groups }: FileRules): string {
  return Object.values<Kind>(kinds)
    .filter(({ group }) => groups.includes(group))
    .flatMap(({ mediaType, extensions }) => [mediaType.split(';')[0], ...extensions.map((end) => `.${end}`)])
    .join();
}

async function secretsOf(file: File): Promise<readonly Secret[]> {
  const groups = kindsOf(extensionOf(file.name)).map(({ group }) => group);
  const isText = groups.length === 0 || groups.includes('text');
  try {
    return await secretsIn(file.name, isText ? await file.slice(0, secretsHead).text() : '');
  } catch {
    // What can't be read now is said by its upload.
    return [];
  }
}

function kindsOf(extension: string): readonly Kind[] {
  return Object.values<Kind>(kinds).filter(({ extensions }) => extensions.includes(extension));
}
