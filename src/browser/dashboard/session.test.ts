import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StaffSession } from '../../protocol/sign-in.ts';
import { Outbox } from '../connection.ts';
import { Stage, agent, conversationId, soon } from '../connection/stage.ts';
import { Activity } from './activity.ts';
import { Session } from './session.ts';

const grant = (person: string) =>
  ({
    access: 'token',
    expires: Date.now() + 300_000,
    now: Date.now(),
    usedAt: Date.now(),
    idleLimit: 1_800_000,
    person: { id: person, name: 'Ada', address: '', role: 'agent', teams: [], state: 'active' },
    queueKey: 'A'.repeat(43),
  }) as unknown as StaffSession;

/** Where nobody does anything. */
const sitting = (on: Stage) => new Session(on, new Activity(on, () => {}));

let stage: Stage;
let session: Session;
let answers: () => Promise<Response>;
beforeEach(async () => {
  answers = () => Promise.resolve(new Response(null, { status: 204 }));
  vi.stubGlobal('fetch', () => answers());
  stage = new Stage();
  session = sitting(stage);
  session.api.take(grant(agent.id));
  const outbox = new Outbox(session.queue?.shelf(conversationId));
  outbox.add({ id: stage.newId(), since: 1, at: stage.now(), kind: 'text', text: 'unsent' });
  await soon(() => expect(stage.browser.rows.size).toBe(1));
});
afterEach(() => vi.unstubAllGlobals());

describe('what was written and not sent', () => {
  test('is gone when its person signs out', async () => {
    await session.signOut();
    expect(session.stage.value).toEqual({ at: 'signed-out' });
    expect(stage.browser.rows.size).toBe(0);
  });

  test('stays sealed when the session only ran out', () => {
    session.api.forget();
    expect(session.stage.value).toEqual({ at: 'signed-out' });
    expect(stage.browser.rows.size).toBe(1);
  });

  test('stays while the server has not heard that they sign out', async () => {
    answers = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(session.signOut()).rejects.toMatchObject({ code: 'offline' });
    expect(session.stage.value.at).toBe('signed-in');
    expect(stage.browser.rows.size).toBe(1);
  });

  test('is one queue through all renewals, and another for another person', () => {
    const { queue } = session;
    session.api.take(grant(agent.id));
    expect(session.queue).toBe(queue);
    session.api.take(grant('per_BBBBBBBBBBBBBBBBBBBBBA'));
    expect(session.queue).not.toBe(queue);
    expect(stage.browser.rows.size).toBe(1);
  });
});

describe('S18 a page that is locked', () => {
  const carl = 'per_BBBBBBBBBBBBBBBBBBBBBA';

  test('ends its session at the server, and keeps what was written', async () => {
    const asked: [string, RequestInit | undefined][] = [];
    vi.stubGlobal('fetch', (path: string, init?: RequestInit) => {
      asked.push([path, init]);
      return answers();
    });
    session.lock();
    expect(session.stage.value).toEqual({ at: 'signed-out' });
    expect(session.locked.value?.id).toBe(agent.id);
    await soon(() => expect(asked.length).toBe(1));
    expect(asked[0]).toMatchObject(['/api/v1/session', { method: 'DELETE', credentials: 'omit' }]);
    expect(stage.browser.rows.size).toBe(1);
  });

  test('is its person’s again when they sign in, with what they had', () => {
    const { queue } = session;
    session.lock();
    session.api.take(grant(agent.id));
    expect(session.stage.value.at).toBe('signed-in');
    expect(session.locked.value).toBeNull();
    expect(session.queue).toBe(queue);
  });

  test('starts anew for anybody else', () => {
    const reload = vi.fn();
    vi.stubGlobal('location', { reload });
    vi.stubGlobal('history', { replaceState: vi.fn() });
    session.lock();
    session.api.take(grant(carl));
    expect(reload).toHaveBeenCalledTimes(1);
    expect(session.stage.value).toEqual({ at: 'signed-out' });
  });

  test('locks and opens in all tabs of its person, and opens for nobody else', () => {
    vi.stubGlobal('location', { reload: vi.fn() });
    vi.stubGlobal('history', { replaceState: vi.fn() });
    const beside = sitting(new Stage(stage));
    beside.api.take(grant(agent.id));
    session.lock();
    expect(beside.locked.value?.id).toBe(agent.id);
    const stranger = sitting(new Stage(stage));
    stranger.api.take(grant(carl));
    expect(beside.stage.value).toEqual({ at: 'signed-out' });
    session.api.take(grant(agent.id));
    expect(beside.stage.value.at).toBe('signed-in');
  });
});

describe('the other tabs', () => {
  test('of the same person have a renewed grant, and are signed out when the session runs out', () => {
    const beside = sitting(new Stage(stage));
    beside.api.take(grant(agent.id));
    const renewed = grant(agent.id);
    session.api.take(renewed);
    expect(beside.api.grant.value).toBe(renewed);
    session.api.forget();
    expect(beside.stage.value).toEqual({ at: 'signed-out' });
  });

  test('start anew when somebody signs out, or somebody else signs in', async () => {
    const reload = vi.fn();
    const replaceState = vi.fn();
    vi.stubGlobal('location', { reload });
    vi.stubGlobal('history', { replaceState });
    const beside = sitting(new Stage(stage));
    beside.api.take(grant(agent.id));
    session.api.take(grant('per_BBBBBBBBBBBBBBBBBBBBBA'));
    expect(reload).toHaveBeenCalledTimes(1);
    session.api.take(grant(agent.id));
    await session.signOut();
    expect(reload).toHaveBeenCalledTimes(2);
    // Nor does the address tell the next one what was open.
    expect(replaceState.mock.calls).toEqual([
      [null, '', '#/'],
      [null, '', '#/'],
    ]);
  });

  test('whose session had run out start anew as well when somebody signs out, and hold nothing of theirs', async () => {
    const reload = vi.fn();
    vi.stubGlobal('location', { reload });
    vi.stubGlobal('history', { replaceState: vi.fn() });
    const beside = sitting(new Stage(stage));
    const unused = sitting(new Stage(stage));
    beside.api.take(grant(agent.id));
    beside.api.forget();
    session.api.take(grant(agent.id));
    await session.signOut();
    expect(unused.stage.value).toEqual({ at: 'restoring' });
    expect(reload).toHaveBeenCalledTimes(1);
  });

  test('that wait for somebody to sign in do not jump', () => {
    const beside = sitting(new Stage(stage));
    session.api.take(grant(agent.id));
    expect(beside.api.grant.value).toBeNull();
  });
});
