import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type BeginAnswer,
  type EarlierAnswer,
  plainSettings,
  type Question,
  type SiteSettings,
} from '../../src/protocol/bodies.ts';
import type { TeamId } from '../../src/protocol/ids.ts';
import { begin, call, join, newMember, newSite, newTeam, newVisitor, shop } from '../cast.ts';
import { act, evict, rows, scene, type Scene } from './scene.ts';

let here: Scene;
beforeAll(async () => {
  here = await scene();
});

describe('beginning', () => {
  const question = (kind: Question['kind'], required: boolean, label = {}): Question => ({
    kind,
    required,
    label,
  });
  const asking: Partial<SiteSettings> = {
    questions: [
      question('name', true),
      question('text', false, { en: 'Order number?', de: 'Bestellnummer?' }),
      question('address', false),
      question('text', true, { fr: 'Quoi ?' }),
    ],
    consent: { version: 'v2', text: { en: 'We keep this.' } },
  };
  const beginWith = async (fields: object, settings: Partial<SiteSettings> = asking) => {
    const visitor = await newVisitor(await newSite(here.team, [shop], settings));
    const body = { id: crypto.randomUUID(), text: 'Hello', ...fields };
    const reply = await call<BeginAnswer>('POST', '/api/v1/conversations', { token: visitor.access, body });
    return { visitor, status: reply.status, body: reply.body };
  };
  const customer = {
    name: 'Cleo',
    language: 'de-AT',
    timeZone: 'Europe/Vienna',
    answers: [null, 'A parcel'],
  };

  it('C24 keeps what the customer said of themselves, with the questions in their language and their consent', async () => {
    const now = Date.now();
    const { body, status, visitor } = await beginWith({
      customer: { ...customer, address: 'Cleo@Example.com', answers: ['4711', 'A parcel'] },
      consent: 'v2',
    });
    expect([status, Object.keys(body.conversation).includes('staff')]).toEqual([201, false]);
    const { id } = body.conversation;
    await evict(id);
    const { conversation } = await (await join(id, here.anna.access)).next('welcome');
    expect(conversation.staff).toEqual({
      team: here.team,
      visitor: visitor.id,
      tags: [],
      snoozedUntil: null,
      customer: {
        name: 'Cleo',
        address: 'cleo@example.com',
        language: 'de-AT',
        timeZone: 'Europe/Vienna',
        answers: [
          { question: 'Bestellnummer?', answer: '4711' },
          { question: 'Quoi ?', answer: 'A parcel' },
        ],
        proof: { name: null, address: null },
      },
      consent: { version: 'v2', at: expect.any(Number) as number },
      hold: null,
    });
    expect(conversation.staff?.consent?.at).toBeGreaterThanOrEqual(now);
    const stored = await rows(id, 'SELECT CAST(customer AS TEXT) AS customer FROM conversation');
    expect(JSON.stringify(stored)).not.toMatch(/Cleo|4711|parcel|Vienna/);
    expect((await join(id, visitor.access)).raw.join()).not.toContain('Cleo');
  });

  it('C24 without the consent that the site asks for, nothing begins', async () => {
    for (const consent of [undefined, 'v1']) {
      const { status, body, visitor } = await beginWith({ customer, consent });
      expect([status, body.code]).toEqual([409, 'consent_needed']);
      const list = await call<{ conversations: unknown[] }>('GET', '/api/v1/conversations', {
        token: visitor.access,
      });
      expect(list.body.conversations).toEqual([]);
    }
  });

  it('C24 a required answer that is missing is named by its place, and no value is repeated', async () => {
    for (const [fields, detail] of [
      [{ ...customer, name: undefined }, 'questions.0: needs an answer'],
      [{ ...customer, answers: ['MARKED', null] }, 'questions.3: needs an answer'],
      [{ ...customer, answers: ['MARKED'] }, 'questions.3: needs an answer'],
      [{ ...customer, answers: ['MARKED', 'b', 'c'] }, 'customer.answers: more than there are questions'],
    ] as const) {
      const { status, body } = await beginWith({ customer: fields, consent: 'v2' });
      expect([status, body.code, body.detail]).toEqual([400, 'invalid', detail]);
    }
    expect((await beginWith({ consent: 'v2' })).body.detail).toBe('questions.0: needs an answer');
  });

  it('C24 a site that asks nothing needs nothing', async () => {
    const { status, body } = await beginWith({ consent: 'v9', customer: { name: 'Dora' } }, {});
    expect(status).toBe(201);
    const { conversation } = await (await join(body.conversation.id, here.anna.access)).next('welcome');
    expect(conversation.staff).toMatchObject({ consent: null, customer: { name: 'Dora', answers: [] } });
  });

  it('C5 C24 said again is the same conversation, and keeps what was said first', async () => {
    const { visitor, body: first } = await beginWith({ customer, consent: 'v2' });
    const { id } = first.conversation;
    const sent = {
      id: first.message.id,
      text: 'Hello',
      customer: { ...customer, name: 'Other' },
      consent: 'v2',
    };
    const again = await call<BeginAnswer>('POST', '/api/v1/conversations', {
      token: visitor.access,
      body: sent,
    });
    expect(again.body.conversation.id).toBe(id);
    const { conversation } = await (await join(id, here.anna.access)).next('welcome');
    expect(conversation.staff?.customer.name).toBe('Cleo');
  });
});

it('C5 a first message said again is the same conversation, whatever the site asks by then', async () => {
  const site = await newSite(here.team, [shop]);
  const visitor = await newVisitor(site);
  const id = await begin(visitor, 'Hello', '00000000-0000-4000-8000-00000000c5c5');
  const owner = await newMember('owner', []);
  const settings = { ...plainSettings, consent: { version: 'v9', text: { en: 'Now we ask.' } } };
  await call('PATCH', `/api/v1/sites/${site}`, { token: owner.access, body: { settings } });
  expect(await begin(visitor, 'Hello', '00000000-0000-4000-8000-00000000c5c5')).toBe(id);
  await expect(begin(visitor, 'Something new')).rejects.toThrow('consent_needed');
});

describe('earlier conversations', () => {
  const earlier = async (id: string, token: string) => {
    const path = `/api/v1/conversations/${id}/earlier`;
    return (await call<EarlierAnswer>('GET', path, { token })).body.conversations;
  };

  it('P2 P4 are the same visitor’s on the same site, newest first, those that the asker may read', async () => {
    const visitor = await newVisitor(here.site);
    const billing: TeamId = await newTeam();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const ids: string[] = [];
    for (let n = 0; n < 4; n++) {
      ids.push(await begin(visitor, `${n}`));
      vi.setSystemTime(Date.now() + 1_000);
    }
    vi.useRealTimers();
    const [first = '', second = '', third = '', last = ''] = ids;
    await begin(await newVisitor(here.site));
    const admin = await newMember('admin', []);
    await act('hand-over', second, admin.access, { to: billing });
    const listed = async (token: string) => (await earlier(last, token)).map(({ id }) => id);
    expect(await listed(here.anna.access)).toEqual([third, first]);
    expect(await listed(admin.access)).toEqual([third, second, first]);
    expect(await listed(visitor.access)).toEqual([third, second, first]);
    expect(await earlier(first, here.anna.access)).toMatchObject([
      { id: last, state: 'waiting' },
      { id: third },
    ]);
    for (const token of [(await newVisitor(here.site)).access, (await newMember('agent', [billing])).access])
      expect((await call('GET', `/api/v1/conversations/${last}/earlier`, { token })).body.code).toBe(
        'not_found',
      );
    expect(
      await env.DB.prepare('SELECT COUNT(*) AS n FROM conversations WHERE visitor = ?')
        .bind(visitor.id)
        .first('n'),
    ).toBe(4);
  });
});
