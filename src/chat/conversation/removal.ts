/** Taking back, and destroying: the sealed text goes, and a file's key with it; the place stays and says how, when and by whom. */
import type { Asker } from '../../people/permission.ts';
import type { Removal } from '../../protocol/frames.ts';
import type { Answer } from '../../protocol/refusals.ts';
import { goneFrom } from '../files.ts';
import type { Room } from './room.ts';
import { authorOf, nextTime, removal } from './rules.ts';
import { placeOnWire } from './sealing.ts';

export type RemovalWish = { seq: number; n?: number | undefined; how: Removal['removed']['how'] };
/** As staff see it; `isNews` if it was not done before. */
export type Removing = { removal: Removal; isNews: boolean };

/** Callers take turns. For a visitor there are no notes, so there is none to be removed. */
export function remove(
  room: Room,
  asker: Asker,
  { seq, n = 0, how }: RemovalWish,
  now: number,
): Answer<Removing> {
  const message = n > 0 && asker.kind === 'visitor' ? undefined : room.transcript.row({ seq, n }, room.head);
  if (message === undefined) return { refused: 'not_found' };
  const verdict = removal(asker, how, message, room.thing, now);
  if (typeof verdict === 'object') return verdict;
  if (verdict === 'remove' && room.row.hold !== null) return { refused: 'on_hold' };
  const removed = message.removed ?? { how, at: nextTime(now, message.at), by: authorOf(asker) };
  const file = n === 0 ? room.files.at(seq) : undefined;
  const gone = file === undefined || file.state === 'gone' ? undefined : goneFrom(file, 'removed', now);
  if (verdict === 'remove') room.commit({ removal: { place: { seq, n }, removed }, file: gone });
  return { done: { removal: { ...placeOnWire({ seq, n }), removed }, isNews: verdict === 'remove' } };
}
