/** Files that staff send: what a conversation's site takes, and what is chosen and on its way there. */
import type { FileRules } from '../../../protocol/bodies.ts';
import type { Choosing } from '../../ui/files/choosing.ts';
import type { Here } from '../conversation/doing.ts';
import { offeredIn } from '../conversation/what-may.ts';

/** What the site takes; null where that is nothing, or nobody here may send any. */
export function rulesIn({ desk, room }: Here): FileRules | null {
  if (!offeredIn(room, 'attach', desk.person.value)) return null;
  const rules = desk.sites.value.get(room.client.conversation.value?.site ?? '')?.settings.files;
  return rules === undefined || rules.groups.length === 0 ? null : rules;
}

/** Opens the place where they are chosen. */
export async function attach(here: Here): Promise<void> {
  await here.screen.attempt('attach', async () => {
    const choosing = await choosingIn(here);
    if (choosing !== null) choosing.open.value = true;
  });
}

/** Files are dragged here, which `over` says, or were let go or pasted. */
export async function takeHere(here: Here, files: readonly File[], over: boolean): Promise<void> {
  // While they are dragged it is told again and again.
  if (here.room.attaching.peek()?.choosing.over.peek() === over && files.length === 0) return;
  await here.screen.attempt(over ? 'hold files' : 'take files', async () => {
    const choosing = await choosingIn(here);
    if (choosing === null) return;
    choosing.over.value = over;
    if (files.length > 0) await choosing.take(files);
  });
}

async function choosingIn(here: Here): Promise<Choosing | null> {
  const { desk, room } = here;
  const { Choosing, Uploads } = await import('../../ui/files.ts');
  const rules = rulesIn(here);
  if (rules === null) return null;
  if (room.attaching.peek() === null) {
    const uploads = desk.uploadsTo(Uploads, room);
    room.attaching.value = { uploads, choosing: new Choosing(uploads, () => rulesIn(here) ?? rules) };
  }
  return room.attaching.peek()?.choosing ?? null;
}
