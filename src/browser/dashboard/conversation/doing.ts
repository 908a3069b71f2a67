/** What is done to the open conversation, by a button or by a key. */
import { ApiError } from '../../api.ts';
import { ask } from '../dialog/ask.ts';
import type { Desk } from '../desk.ts';
import { isSnoozed } from '../list/attention.ts';
import type { Room } from '../rooms.ts';
import type { Screen } from '../screen.ts';
import type { Message } from '../../../protocol/frames.ts';
import { addressOf, goInstead, goTo, route, watchAddressOf } from '../route.ts';
import { nameOfStaff } from './about.ts';
import { words } from './words.ts';

export interface Here {
  desk: Desk;
  screen: Screen;
  room: Room;
}

/** Of two who claim at once one is told who was quicker. Whoever has begun a note meanwhile goes on with it. */
export async function claim({ desk, screen, room: { client, note } }: Here): Promise<void> {
  screen.wishToWrite(client.id, 'text');
  const won = await screen.attempt(
    'claim',
    () => desk.acts.do(client.id, 'claim'),
    (error) => {
      if (!(error instanceof ApiError) || error.code !== 'already_claimed') return null;
      return () =>
        words.lostRace(nameOfStaff(client.conversation.value?.assignee ?? null, desk) ?? words.somebody);
    },
  );
  if (!won) screen.dropWish();
  else if (note.peek() === '' && screen.wishesToWrite(client.id, 'text'))
    screen.kindIn(client.id).value = 'text';
}

/** What is open already is watched in its own place: no way back shows somebody who did not mean to be shown. */
export function watch(id: string): void {
  const { value: place } = route;
  const go = place.at === 'conversation' && place.id === id ? goInstead : goTo;
  go(watchAddressOf(id));
}

export function join({ room: { client } }: Pick<Here, 'room'>): void {
  goInstead(addressOf(client.id));
}

export async function closeOrReopen({ desk, screen, room: { client } }: Here): Promise<void> {
  const act = client.conversation.value?.state === 'closed' ? 'reopen' : 'close';
  await screen.attempt(act, () => desk.acts.do(client.id, act));
}

/** What is put off is taken up at once; else the question is until when. */
export async function snoozeOrEnd({ desk, screen, room: { client } }: Here): Promise<void> {
  const snoozedUntil = client.conversation.value?.staff?.snoozedUntil ?? null;
  if (isSnoozed({ snoozedUntil }, desk.now.value))
    await screen.attempt('snooze', () => desk.acts.snooze(client.id, null));
  else screen.open('snooze');
}

export async function takeBack({ desk, screen, room: { client } }: Here, message: Message): Promise<void> {
  if (!(await ask({ ...words.removeAsk(message.kind), danger: true }))) return;
  await screen.attempt('remove', () => desk.acts.remove(client.id, message, 'deleted'));
}

export async function redact({ desk, screen, room: { client } }: Here, message: Message): Promise<void> {
  if (!(await ask({ ...words.redactAsk(message.kind), danger: true }))) return;
  await screen.attempt('redact', () => desk.acts.remove(client.id, message, 'redacted'));
}
