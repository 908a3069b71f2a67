/** That a ledger whose rows in the database are not those that were entered says nothing more, and that this is heard. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { watchOf } from '../../src/duties/alarms.ts';
import { seeToLedger } from '../../src/duties/audit.ts';
import { readLeaf } from '../../src/protocol/ledger-proof.ts';
import { agrees, behindItsBack, head, ledger, many, refusal, rows } from './tree.ts';

/** The place of the break that somebody was told of, and how often it was found. */
const alarm = async () => {
  const open = await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 50);
  const found = open.filter(({ rule }) => rule === 'ledger.broken');
  return found.map(({ facts, times }) => ({ entry: facts['entry'], times }));
};
/** Somebody has looked into what was found so far, longer ago than what follows counts as the same. */
const answered = () =>
  runInDurableObject(watchOf(env), (_, { storage }) =>
    storage.sql.exec("UPDATE alarms SET answered_by = 'per_x', answered_at = 0, reason = x'00'"),
  );

describe('a ledger', () => {
  it('L1 writes and signs nothing behind a gap that it can’t fill, and goes on once that is filled', async () => {
    await ledger().append(many(20));
    const { size, stored } = await agrees();
    await runInDurableObject(ledger(), (_, { storage }) =>
      storage.sql.exec('DELETE FROM recent WHERE seq < ?', size - 2),
    );
    await behindItsBack('DELETE FROM ledger WHERE seq >= ?', size - 5);
    await ledger().append(many(1));
    await evictDurableObject(ledger());
    await ledger().append(many(1));
    expect(await refusal()).toContain(`entry ${size - 5} is missing`);
    expect((await rows()).length).toBe(size - 5);
    await expect.poll(alarm).toEqual([{ entry: size - 5, times: 1 }]);
    // However often it is met, in whichever life, it is told once.
    await ledger().append(many(1));
    await evictDurableObject(ledger());
    expect(await refusal()).toContain('is missing');
    expect(await alarm()).toEqual([{ entry: size - 5, times: 1 }]);
    for (const { seq, leaf } of stored.slice(size - 5))
      await env.DB.prepare('INSERT INTO ledger (seq, leaf) VALUES (?, ?)').bind(seq, leaf).run();
    expect((await agrees()).size).toBe(size + 3);
    await answered();
  });
});

describe('a ledger whose rows are not those that it wrote', () => {
  const forge = (seq: number, entry: object = {}) =>
    env.DB.prepare('INSERT INTO ledger (seq, leaf) VALUES (?, ?)')
      .bind(
        seq,
        JSON.stringify({ v: 1, id: crypto.randomUUID(), at: 1, action: 'x', outcome: 'done', ...entry }),
      )
      .run();
  const heal = (seq: number) => behindItsBack('DELETE FROM ledger WHERE seq >= ?', seq);
  /** Whoever watches has looked at all that there was, and entered what they found. */
  const grown = async () => {
    await runDurableObjectAlarm(watchOf(env));
    await ledger().append(many(1));
    return (await head())?.size ?? 0;
  };

  it('L1 L21 says nothing more, but that it is so, once until it is healed', async () => {
    const size = await grown();
    expect(await alarm()).toEqual([]);
    await forge(size);
    await ledger().append(many(1));
    expect(await refusal()).toContain('stands in the database as another one');
    await expect.poll(alarm).toEqual([{ entry: size, times: 1 }]);
    // Somebody has looked into it, and it is tried each minute.
    await answered();
    await runInDurableObject(ledger(), (object) => object.alarm());
    await ledger().append(many(1));
    await evictDurableObject(ledger());
    expect(await refusal()).toContain('another one');
    expect(await alarm()).toEqual([]);
    await heal(size);
    const after = await grown();
    expect((await agrees()).size).toBeGreaterThan(size + 2);
    await forge(after);
    await ledger().append(many(1));
    await expect.poll(alarm).toEqual([{ entry: after, times: 1 }]);
    await heal(after);
    await answered();
  });

  it('L1 L21 says so though it slept when that was written', async () => {
    const size = await grown();
    await forge(size, { id: 1 });
    await evictDurableObject(ledger());
    await ledger().append(many(1));
    expect(await refusal()).toContain('stands in the database as another one');
    await expect.poll(alarm).toEqual([{ entry: size, times: 1 }]);
    await heal(size);
    await answered();
  });

  it('L14 L21 is what the look of each night finds, and enters once it can be', async () => {
    const size = await grown();
    await forge(size);
    await ledger().append(many(1));
    await seeToLedger(env, Date.now());
    await expect.poll(alarm).toMatchObject([{ entry: size }]);
    expect((await rows()).map(({ leaf }) => readLeaf(leaf)?.action)).not.toContain('ledger.check');
    await heal(size);
    const { stored } = await agrees();
    expect(
      stored.flatMap(({ leaf }) => readLeaf(leaf) ?? []).findLast(({ action }) => action === 'ledger.check'),
    ).toMatchObject({
      facts: { size, first: size, last: size, isWhole: false },
    });
    await answered();
  });

  it('L21 is not said where the database is away', async () => {
    await grown();
    await env.DB.prepare('ALTER TABLE ledger RENAME TO gone').run();
    await ledger().append(many(1));
    expect(await refusal()).toContain('no such table');
    await expect(seeToLedger(env, Date.now())).rejects.toThrow('no such table');
    await env.DB.prepare('ALTER TABLE gone RENAME TO ledger').run();
    await agrees();
    expect(await alarm()).toEqual([]);
  });

  it('L21 M2 hides nothing that was entered meanwhile from whoever watches, and shows them nothing else', async () => {
    const malware = (file: string) => ({ action: 'file.block', actor: null, object: file });
    const found = async () => {
      await runDurableObjectAlarm(watchOf(env));
      const open = await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 50);
      return open.filter(({ rule }) => rule === 'file.malware').map(({ facts }) => facts['file']);
    };
    const size = await grown();
    for (let seq = size; seq < size + 5; seq++) await forge(seq, malware('forged'));
    await forge(1_000_000_000);
    await ledger().append(many(1, malware('true')));
    await watchOf(env).poke();
    expect(await found()).toEqual([]);
    await heal(size);
    await agrees();
    expect(await found()).toEqual(['true']);
  });
});
