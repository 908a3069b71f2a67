/** Objects of other buckets, as a backup has copied them. */
import type { Env } from '../../config.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { keyStore } from '../../vault.ts';
import { copiedFrom } from './reading.ts';
import type { Place, Restoring, Step } from './steps.ts';

const most = { copied: 50, copiedBytes: 32 * 1024 * 1024 };

/**
 * Puts those of one bucket back that lie in a backup and in those that it builds upon, each with the run that has done so.
 * What is there stays.
 * @param isWanted which come back, by their names in their bucket; the others are counted as left out
 * @param isMeant which are looked at at all
 */
export async function putObjects(
  { env, reader, restore: { run } }: Restoring,
  place: Place,
  next: Place,
  bucket: 'files' | 'ledger',
  number: number,
  isWanted: (name: string) => Promise<boolean> = () => Promise.resolve(true),
  isMeant: (name: string) => boolean = () => true,
): Promise<Step> {
  const head = (await reader.chain(number))[place.at];
  if (head === undefined) return { next, counts: {} };
  const parts = await reader.parts(head);
  const target = { files: env.FILES, ledger: env.LEDGER }[bucket];
  let [at, asked, bytes, back, left] = [place.part, 0, 0, 0, 0];
  for (; at < parts.length && asked < most.copied && bytes < most.copiedBytes; at++) {
    const part = parts[at];
    const name = part && copiedFrom(bucket, part.name);
    if (part === undefined || name === undefined || !isMeant(name)) continue;
    asked++;
    if (!(await isWanted(name))) {
      left++;
      continue;
    }
    back++;
    if ((await target.head(name)) !== null) continue;
    bytes += part.bytes;
    await target.put(name, await reader.open(part), { customMetadata: { run } });
  }
  const counts = { [bucket]: back, [`left out ${bucket}`]: left };
  if (at < parts.length) return { next: { ...place, part: at }, counts };
  return { next: { ...place, at: place.at + 1, part: 0 }, counts };
}

/** The files of this conversation that this run has put back go again. */
export async function dropFiles(env: Env, run: string, conversation: ConversationId): Promise<void> {
  for (let cursor: string | undefined; ;) {
    const page = await env.FILES.list({
      ...{ prefix: `${conversation}/`, include: ['customMetadata'] },
      ...(cursor !== undefined && { cursor }),
    });
    const names = page.objects.filter(({ customMetadata }) => customMetadata?.['run'] === run);
    if (names.length > 0) await env.FILES.delete(names.map(({ key }) => key));
    if (!page.truncated) return;
    cursor = page.cursor;
  }
}

/** Whether a file of this name is one of a conversation that comes back, and can be opened. */
export async function hasKey(env: Env, name: string): Promise<boolean> {
  const [conversation = '', file = ''] = name.split('/');
  if ((await keyStore(env.KEYS).get('file', `${conversation}/${file}`)) === undefined) return false;
  const query = 'SELECT 1 FROM conversations WHERE id = ?';
  return (await env.DB.prepare(query).bind(conversation).first()) !== null;
}
