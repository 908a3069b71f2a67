/** An agent’s account is in somebody else’s hands, who reads whatever they can. */
import { ask, reads, stolenToken } from './intruder.ts';
import type { Playing, Scenario } from './scenario.ts';

/** As many as make reading unusual (M2). */
const conversations = 40;
const readAtOnce = 5;

export const account: Scenario = { conversations, play, recover: isShutOut };

async function play(playing: Playing): Promise<'played' | 'more'> {
  const { store, drill } = playing;
  const seen = new Set(await store.things(drill.id, 'con', 'seen'));
  const next = (await store.things(drill.id, 'con')).filter((id) => !seen.has(id)).slice(0, readAtOnce);
  const token = await stolenToken(playing);
  if (token === undefined || next.length === 0) return 'played';
  const read = await Promise.all(next.map((id) => reads(playing, token, id)));
  // Their role’s budget may be less: that raises an alarm as well.
  return read.every(Boolean) ? 'more' : 'played';
}

/** Nobody gets in with what was taken. */
export async function isShutOut(playing: Playing): Promise<boolean> {
  const token = await stolenToken(playing);
  if (token === undefined) return true;
  const response = await ask(playing, 'GET', '/session', { token });
  await response.body?.cancel();
  return !response.ok;
}
