/** That somebody outside is sent the ledger's head each night, and that it is heard where that can't be. */
import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Env } from '../../src/config.ts';
import { watchOf } from '../../src/duties/alarms.ts';
import { publishHead, seeToWitness } from '../../src/duties/audit.ts';
import { ledgerName, ledgerOf, verifierKeys } from '../../src/ledger.ts';
import { readCheckpoint, readVerifierKey } from '../../src/protocol/ledger-proof.ts';
import worker from '../../src/worker.ts';
import { call, newMember } from '../cast.ts';

type Mail = { to: string; subject: string; text: string };
const [minute, day] = [60_000, 86_400_000];
const witness = 'witness@example.com';
let sent: Mail[] = [];
let isMailed = true;
/** Whether it is heard that a mail went out: what is cut off before is as if it had not been. */
let isHeard = true;
/** The deployment, with a way to send mail that can be cut. */
const mailing = {
  ...env,
  MAIL: {
    send: (mail: Mail) => {
      if (!isMailed) return Promise.reject(new Error('no mail goes out'));
      sent.push(mail);
      return isHeard ? Promise.resolve() : Promise.reject(new Error('cut off'));
    },
  },
} as unknown as Env;
const heads = () => sent.filter(({ to }) => to === witness);

/** All that is timed, at this moment, with the long duties that it begins. */
async function timed(cron: string, now: number) {
  at(now);
  await worker.scheduled(createScheduledController({ cron }), mailing);
  const open = 'SELECT COUNT(*) AS n FROM runs WHERE over_at IS NULL';
  await expect.poll(() => env.DB.prepare(open).first('n'), { timeout: 40_000 }).toBe(0);
}
const at = (now: number) => vi.useFakeTimers({ toFake: ['Date'], now });
const nightly = (now: number) => timed('17 3 * * *', now);
const quarterly = (now: number) => timed('*/15 * * * *', now);
const alarms = async () =>
  (await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 50))
    .filter(({ rule }) => rule === 'ledger.unsent')
    .map(({ times }) => times);
const name = async (address: string | null) => {
  const { access: token } = await newMember('owner', []);
  expect((await call('PUT', '/api/v1/ledger/witness', { token, body: { address } })).status).toBe(200);
};

let now: number;
beforeAll(async () => {
  now = Date.now();
  await name(witness);
});
afterEach(() => {
  vi.useRealTimers();
  [sent, isMailed, isHeard] = [[], true, true];
});

describe('L22 the witness', () => {
  it('L13 L22 is mailed the signed head each night, as it is kept', async () => {
    for (let n = 0; n < 2; n++) {
      await nightly((now += day));
      const [mail, ...more] = heads();
      expect(more).toEqual([]);
      const { text = '', subject } = mail ?? {};
      const note = /^sotto\.test\/ledger\n[^]*?\n\n— .*\n/m.exec(text)?.[0] ?? '';
      const keys = (await verifierKeys(env)).flatMap((key) => readVerifierKey(key) ?? []);
      const { size = 0 } = (await readCheckpoint(note, keys)) ?? {};
      expect(size).toBeGreaterThan(0);
      expect(subject).toBe(`The ledger of ${ledgerName(env)} at size ${size}`);
      const kept = await env.LEDGER.get(`checkpoint/${String(size).padStart(16, '0')}`);
      expect(await kept?.text()).toBe(note);
      sent = [];
    }
  }, 120_000);

  it('L22 is sent it later where no mail goes out, once, with what was entered by then', async () => {
    isMailed = false;
    await nightly((now += day));
    expect(heads()).toEqual([]);
    await quarterly(now + minute);
    isMailed = true;
    // Not as often as that: between tries there is more and more time.
    await quarterly(now + 2 * minute);
    expect(heads()).toEqual([]);
    await quarterly(now + 15 * minute);
    await quarterly(now + 30 * minute);
    expect(heads()).toHaveLength(1);
    expect(heads()[0]?.text).toContain((await ledgerOf(env).checkpoint()).note.split('\n')[2]);
    expect(await alarms()).toEqual([]);
  }, 120_000);

  it('L22 is sent it once more where it was cut off before that was noted, and the same head is the same mail', async () => {
    isHeard = false;
    await publishHead(mailing, (now += day));
    expect(heads()).toHaveLength(1);
    isHeard = true;
    for (const minutes of [15, 30]) await seeToWitness(mailing, now + minutes * minute);
    const [first, again, ...more] = heads();
    expect([again, more]).toEqual([first, []]);
  });

  it('L22 M2 that could be sent none for two nights raises an alarm, once a night', async () => {
    at(now);
    isMailed = false;
    for (const raised of [[], [1], [2]]) {
      await publishHead(mailing, (now += day));
      for (const minutes of [1, 15, 60, 600]) await seeToWitness(mailing, now + minutes * minute);
      expect(await alarms()).toEqual(raised);
    }
    isMailed = true;
    await publishHead(mailing, (now += day));
    expect(heads()).toHaveLength(1);
    isMailed = false;
    await publishHead(mailing, (now += day));
    expect(await alarms()).toEqual([2]);
  });

  it('L22 who is named anew is sent it at once or as soon as it can be, and who was it before no more', async () => {
    await name('another@example.com');
    isMailed = true;
    await publishHead(mailing, (now += day));
    expect(heads()).toEqual([]);
    expect(sent.filter(({ to }) => to === 'another@example.com')).toHaveLength(1);
    await name(null);
    await publishHead(mailing, (now += day));
    expect(sent.filter(({ subject }) => subject.includes(ledgerName(env)))).toHaveLength(1);
  });
});
