/** How much memory the code of a running Worker and its objects take, as the runtime's own inspector tells. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';

const LOOK_MS = 20;
/** What V8 keeps itself, and what lies beside: the bytes of buffers and strings from outside. */
type Usage = { usedSize: number; embedderHeapUsedSize?: number; backingStorageSize?: number };

/**
 * Looks again and again, until what it returns is called.
 * @returns the most that was in memory, garbage with it
 */
export async function watchHeap(inspector: URL): Promise<() => Promise<number>> {
  const socket = new WebSocket(inspector);
  await once(socket, 'open');
  const answers = new Map<number, (usage: Usage) => void>();
  socket.on('message', (data) => {
    const { id, result } = JSON.parse((data as Buffer).toString()) as { id?: number; result?: Usage };
    if (id !== undefined && result !== undefined) answers.get(id)?.(result);
  });
  let [most, count, isOver] = [0, 0, false];
  const looking = (async () => {
    while (!isOver) {
      const id = ++count;
      const answered = new Promise<Usage>((answer) => answers.set(id, answer));
      socket.send(JSON.stringify({ id, method: 'Runtime.getHeapUsage' }));
      const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await answered;
      answers.delete(id);
      most = Math.max(most, usedSize + embedderHeapUsedSize + backingStorageSize);
      await wait(LOOK_MS);
    }
    socket.close();
  })();
  return async () => {
    isOver = true;
    await looking;
    return most;
  };
}
