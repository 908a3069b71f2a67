/**
 * Where everything lies. workerd has no jurisdictions, so that one thing is put in its place: a namespace that has them,
 * in which the same name in another jurisdiction is another object, as on Cloudflare.
 */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { app } from '../src/app.ts';
import { conversationOf } from '../src/chat/conversation.ts';
import type { Conversation } from '../src/chat/conversation/object.ts';
import { inboxOf } from '../src/chat/inbox.ts';
import { giveBack } from '../src/chat/inbox/giving-back.ts';
import { ConfigError, type Env } from '../src/config.ts';
import { watchOf } from '../src/duties/alarms.ts';
import { processingOf } from '../src/duties/laws/processing.ts';
import type { Scratch } from '../src/duties/restore/object.ts';
import { ledgerOf } from '../src/ledger.ts';
import { accountOf, strangerOf } from '../src/people/account.ts';
import { tellInboxes } from '../src/people/teams.ts';
import { newId } from '../src/protocol/ids.ts';
import { objectOf, requireResidency } from '../src/residency.ts';
import { doDuties } from '../src/schedule.ts';
import { origin } from './cast.ts';

const kinds = ['Account', 'Conversation', 'Inbox', 'Ledger', 'Watch'] as const;
const at = async (there: Env, path: string) => app.fetch(new Request(`${origin}${path}`), there);

/** The same Sotto set to a jurisdiction, and which objects it has asked for. */
function settledIn(jurisdiction: string): { there: Env; found: string[] } {
  const found: string[] = [];
  const namespaces = kinds.map((kind) => [
    kind,
    {
      getByName: () => expect.unreachable('an object outside of the jurisdiction'),
      jurisdiction: (where: string) => ({
        getByName: (name: string) => {
          found.push(`${where} ${kind} ${name}`);
          return env[kind].getByName(`${where} ${name}`);
        },
      }),
    },
  ]);
  return { there: { ...env, JURISDICTION: jurisdiction, ...Object.fromEntries(namespaces) } as Env, found };
}

let said: string[];
beforeEach(() => {
  said = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => void vi.restoreAllMocks());

describe('D64 a deployment with a jurisdiction', () => {
  it('finds every object in it, by whatever door', async () => {
    const { there, found } = settledIn('eu');
    const [person, team, conversation] = [newId('person'), newId('team'), newId('conversation')];
    accountOf(there, person);
    strangerOf(there, new Uint8Array([1, 2]));
    conversationOf(there, conversation);
    inboxOf(there, team);
    ledgerOf(there);
    watchOf(there);
    await giveBack(there, team, []);
    await tellInboxes(there, [team]);
    expect(found).toEqual([
      `eu Account ${person}`,
      'eu Account stranger_0102',
      `eu Conversation ${conversation}`,
      `eu Inbox ${team}`,
      'eu Ledger ledger',
      'eu Watch watch',
      `eu Inbox ${team}`,
    ]);
  });

  it('finds another object there than elsewhere under the same name', () => {
    const { there } = settledIn('us');
    const room = objectOf(there, 'Ledger', 'ledger') as DurableObjectStub;
    expect(room.id.equals(env.Ledger.getByName('ledger').id)).toBe(false);
  });
});

describe('D64 where there are no jurisdictions', () => {
  it('a wish for one is refused by name, and nothing falls back', async () => {
    const wishing = { ...env, JURISDICTION: 'fedramp' };
    expect(() => ledgerOf(wishing)).toThrow(ConfigError);
    await expect(requireResidency(wishing)).rejects.toThrow(/^JURISDICTION must be empty where/);
    expect((await at(wishing, '/api/v1/setup')).status).toBe(500);
    expect(said.join()).toContain('JURISDICTION must be empty where Sotto does not run on Cloudflare');
  });
});

describe('D65 where everything lies is settled by the first request', () => {
  it('and in another jurisdiction nothing is served, no duty is done, and /readyz says so', async () => {
    expect((await at(env, '/api/v1/setup')).status).toBe(200);
    expect(await env.DB.prepare('SELECT jurisdiction FROM residency').first()).toEqual({ jurisdiction: '' });
    const { there, found } = settledIn('eu');
    for (const path of ['/api/v1/setup', '/widget/sit_x', '/ledger/checkpoint', '/.well-known/jwks.json'])
      expect((await at(there, path)).status).toBe(500);
    expect(said.join()).toContain('JURISDICTION must be empty, as when Sotto was set up');
    await doDuties(there, '17 3 * * *', Date.now());
    expect(said.join()).toContain('schedule.residency');
    expect(found.filter((name) => name !== 'eu Ledger ledger')).toEqual([]);
    expect((await at(there, '/healthz')).status).toBe(200);
    const ready = await at(there, '/readyz');
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { failing: expect.arrayContaining(['residency']) as unknown },
    ]);
    expect(await env.DB.prepare('SELECT jurisdiction FROM residency').first()).toEqual({ jurisdiction: '' });
  });

  it('and in another jurisdiction no alarm does anything, and each rings again', async () => {
    expect((await at(env, '/api/v1/setup')).status).toBe(200);
    const { there, found } = settledIn('eu');
    const objects = [
      conversationOf(env, newId('conversation')),
      inboxOf(env, newId('team')),
      ledgerOf(env),
      watchOf(env),
      accountOf(env, newId('person')),
      objectOf(env, 'Scratch', 'somewhere') as DurableObjectStub<Scratch>,
    ] as DurableObjectStub<Conversation>[];
    for (const each of objects)
      await runInDurableObject(each, async (object, { storage }) => {
        const own = object as unknown as { env: Env };
        const was = own.env;
        own.env = there;
        await storage.deleteAlarm();
        await object.alarm();
        own.env = was;
        expect(await storage.getAlarm()).toBeGreaterThan(Date.now());
        await storage.deleteAlarm();
      });
    expect(said.filter((line) => line.includes('object.residency'))).toHaveLength(objects.length);
    expect(found).toEqual([]);
  });

  it('and what begins in one stays in it', async () => {
    await env.DB.prepare("UPDATE residency SET jurisdiction = 'us'").run();
    const { there } = settledIn('us');
    expect((await at(there, '/api/v1/setup')).status).toBe(200);
    await expect(requireResidency(settledIn('eu').there)).rejects.toThrow('JURISDICTION must be us, as when');
  });
});

describe('D67 the record of processing', () => {
  it('says in which jurisdiction everything lies, and what is not held there', async () => {
    expect((await processingOf(env, 0)).transfers.join()).toContain('is not pinned');
    const [first, ...others] = (await processingOf(settledIn('eu').there, 0)).transfers;
    expect(first).toMatch(/^Everything that is kept .* lies in the European Union and/);
    expect(others.map((each) => each.split(':')[0])).toEqual(
      Array.from({ length: 6 }, () => 'Not held there'),
    );
  });
});
