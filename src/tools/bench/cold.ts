/** G: what happens for the first time: a conversation, a sign-in, the Worker itself. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { unhurried } from '../engine/company.ts';
import { cpuMs } from '../engine/process.ts';
import { startWorkerd } from '../engine/workerd.ts';
import type { Arena, Note } from './arena.ts';
import { MESSAGE_MARK } from './contestants.ts';
import { median } from './figures.ts';

const TRIES = 20;

/** The first message of a new conversation, by HTTP, and a later one, by its socket. */
export async function firstWords({ company }: Arena, note: Note): Promise<void> {
  const first: number[] = [];
  const later: number[] = [];
  for (let n = 0; n < TRIES; n++) {
    const customer = await company.visitor();
    let start = performance.now();
    const room = await customer.begin('Hello');
    first.push(performance.now() - start);
    const line = await customer.join(room);
    for (let seq = 1; seq <= 3; seq++) {
      start = performance.now();
      const heard = new Promise<void>((settle) => {
        line.hears = (frame) => {
          if (frame.includes(MESSAGE_MARK) && frame.includes(`"seq":${seq + 1},`)) settle();
        };
      });
      line.say(
        JSON.stringify({
          type: 'post',
          posts: [{ id: randomUUID(), since: seq, kind: 'text', text: 'And more' }],
        }),
      );
      await heard;
    }
    later.push(performance.now() - start);
    await line.close();
  }
  note('sotto', 'first', 'ms', median(first));
  note('sotto', 'later', 'ms', median(later));
  note('sotto', 'first to later', 'x', median(first) / median(later));
}

/** A sign-in, with both factors. */
export async function signIns({ company }: Arena, note: Note): Promise<void> {
  const cpu = cpuMs(company.workerd.pid);
  await company.signIn();
  note('sotto', 'sign-in', 'ms of CPU', cpuMs(company.workerd.pid) - cpu);
}

/** From nothing to the first answer. */
export async function starts({ code }: Arena, note: Note): Promise<void> {
  for (const [contestant, bundle, config] of [
    ['bare', code.reference, join(import.meta.dirname, 'reference/wrangler.toml')],
    ['sotto', code.sotto, undefined],
  ] as const) {
    const start = performance.now();
    const workerd = await startWorkerd({
      code: bundle,
      ...(config === undefined ? unhurried() : { config }),
    });
    const answer = await fetch(new URL('/nobody', workerd.url));
    await answer.text();
    if (answer.status >= 500) throw new Error(`${contestant} did not start: ${answer.status}`);
    note(contestant, 'start', 'ms', performance.now() - start);
    await workerd.stop();
  }
}
