import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../src/chat/conversation.ts';
import { newId } from '../src/protocol/ids.ts';
import { begin, call, join, type Member, newMember, newSite, newTeam, newVisitor } from './cast.ts';

type Line = Record<string, unknown>;
const lines: Line[] = [];
const ofRequest = (request: string | null) => lines.filter((line) => line['request'] === request);
const idOf = ({ headers }: { headers: Headers }) => headers.get('x-request-id');
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
const number = expect.any(Number) as unknown;

let member: Member;
beforeEach(async () => {
  member = await newMember('owner', [await newTeam()]);
  lines.length = 0;
  for (const way of ['log', 'error'] as const)
    vi.spyOn(console, way).mockImplementation((line: string) => void lines.push(JSON.parse(line) as Line));
});
afterEach(() => vi.restoreAllMocks());

/** The database lacks this table meanwhile. */
async function without(table: string, work: () => Promise<void>): Promise<void> {
  await env.DB.prepare(`ALTER TABLE ${table} RENAME TO gone`).run();
  try {
    await work();
  } finally {
    await env.DB.prepare(`ALTER TABLE gone RENAME TO ${table}`).run();
  }
}

describe('O2 a request', () => {
  it('has an id of its own in its answer, whatever its client calls it', async () => {
    const named = { 'x-request-id': 'mine', 'cf-ray': 'mine', traceparent: 'mine' };
    const answers = [];
    for (const path of ['/healthz', '/nothing', '/api/v1/setup', '/api/v1/nothing', '/api/v1/session'])
      answers.push(await call('GET', path, { headers: named }));
    const ids = answers.map(idOf);
    expect(new Set(ids).size).toBe(answers.length);
    for (const id of ids) expect(id).toMatch(uuid);
    expect(JSON.stringify(lines)).not.toContain('mine');
  });

  it('to the API is one line, with its door and what became of it, and to a page none', async () => {
    const site = await newSite(await newTeam());
    const done = await call('GET', `/api/v1/sites/${site}/widget?from=the-page`);
    const refused = await call('GET', `/api/v1/people/${member.id}`, { token: member.access });
    const hidden = await call('PATCH', `/api/v1/teams/${newId('team')}`, {
      ...{ token: member.access, body: { name: 'Support' } },
    });
    await call('GET', '/healthz');
    await call('GET', '/nothing');
    const line = { kind: 'request', at: time, ms: number };
    expect(lines).toEqual([
      { ...line, request: idOf(done), door: 'GET /sites/:site/widget', status: 200, code: null },
      { ...line, request: idOf(refused), door: 'GET /*', status: 404, code: 'not_found' },
      { ...line, request: idOf(hidden), door: 'PATCH /teams/:id', status: 404, code: 'not_found' },
    ]);
  });

  it('for a socket is one line, and what is said there none', async () => {
    const visitor = await newVisitor(await newSite(await newTeam()));
    const id = await begin(visitor);
    lines.length = 0;
    const ear = await join(id, visitor.access);
    ear.post('One');
    await ear.next('messages');
    ear.close();
    expect(lines.map(({ door, status }) => [door, status])).toEqual([
      ['POST /conversations/:id/tickets', 201],
      ['GET /conversations/:id/socket', 101],
    ]);
  });

  it('in which something fails names it in its answer and in the log', async () => {
    await without('teams', async () => {
      const reply = await call<{ instance: string }>('POST', '/api/v1/teams', {
        ...{ token: member.access, body: { name: 'Support' } },
      });
      const request = idOf(reply);
      expect(reply.body).toMatchObject({ code: 'internal', instance: `urn:uuid:${request}` });
      expect(reply.body.detail).toContain(request);
      expect(ofRequest(request)).toEqual([
        { kind: 'fault', at: time, request, object: null, fault: 'request', error: 'Error' },
        {
          kind: 'request',
          at: time,
          request,
          door: 'POST /teams',
          status: 500,
          code: 'internal',
          ms: number,
        },
      ]);
    });
  });

  it('is named by what fails after its answer', async () => {
    await without('people', async () => {
      const request = idOf(await call('POST', '/api/v1/resets', { body: { address: member.address } }));
      await vi.waitFor(() =>
        expect(ofRequest(request)).toContainEqual(
          expect.objectContaining({ kind: 'fault', fault: 'mail.reset' }),
        ),
      );
    });
  });

  it('that is refused is answered with the same bytes as another that is refused so', async () => {
    const ask = () =>
      call('GET', `/api/v1/conversations/${newId('conversation')}/messages`, {
        token: member.access,
      });
    const [one, other] = [await ask(), await ask()];
    expect(one.status).toBe(404);
    expect(one.text).toBe(other.text);
  });
});

describe('O2 a fault in an object', () => {
  it('says in which class, and the request that failed of it says so too', async () => {
    const visitor = await newVisitor(await newSite(await newTeam()));
    const id = await begin(visitor);
    await runInDurableObject(conversationOf(env, id), (_, { storage }) => {
      Object.defineProperty(storage.sql, 'exec', {
        value: () => {
          throw new RangeError('SECRET-MARK');
        },
      });
    });
    lines.length = 0;
    const reply = await call('POST', `/api/v1/conversations/${id}/removals`, {
      ...{ token: visitor.access, body: { seq: 1, how: 'deleted' } },
    });
    expect(reply.status).toBe(500);
    // Nor does whoever called, or the platform, which writes down what an object throws, hear what it said.
    const asker = { kind: 'visitor', id: visitor.id, site: visitor.site } as const;
    const thrown = conversationOf(env, id).remove(asker, { seq: 1, how: 'deleted' }).catch(String);
    expect(await thrown).toBe('RangeError: what it said is not told');
    const fault = { kind: 'fault', at: time };
    expect(lines).toContainEqual({
      ...fault,
      ...{ request: null, object: 'Conversation', fault: 'object', error: 'RangeError' },
    });
    expect(lines).toContainEqual({
      ...fault,
      ...{ request: idOf(reply), object: null, fault: 'request', error: 'RangeError' },
    });
  });
});
