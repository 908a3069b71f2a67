import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BeginAnswer, type HistoryAnswer, plainSettings } from '../../src/protocol/bodies.ts';
import { lifetimes } from '../../src/protocol/limits.ts';
import type { SiteId } from '../../src/protocol/ids.ts';
import type { Masking } from '../../src/protocol/marks.ts';
import { begin, call, join, newSite, newVisitor } from '../cast.ts';
import { act, evict, hears, places, rows, scene, type Scene, talking } from './scene.ts';

let here: Scene;
beforeAll(async () => {
  here = await scene();
});

const start = Date.now() + 60_000;
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => vi.useRealTimers());

const card = 'My card is 4111 1111 1111 1111, 12/27, CVC 737.';
const maskedCard = 'My card is •••• •••• •••• 1111, 12/27, CVC [••• cvc].';
const password = 'The password is Trout#Lamp9';
const maskedPassword = 'The password is [••• secret]';
/** What may be found nowhere. */
const secrets = ['4111 1111', '4111111111111111', 'CVC 737', 'Trout#'];

const history = async (id: string, token = here.anna.access) =>
  (await call<HistoryAnswer>('GET', `/api/v1/conversations/${id}/messages`, { token })).body.messages;

const setMasking = async (site: SiteId, masking: Masking) =>
  env.DB.prepare('UPDATE sites SET settings = ? WHERE id = ?')
    .bind(JSON.stringify({ ...plainSettings, masking }), site)
    .run();
const nothing: Masking = { cards: false, ibans: false, nationalIds: false, secrets: false };

/** Everything that lies in the conversation's own object, as text. */
async function stored(id: Parameters<typeof rows>[0]): Promise<string> {
  const tables = await rows(
    id,
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'`,
  );
  const all = await Promise.all(tables.map(({ name }) => rows(id, `SELECT * FROM "${name as string}"`)));
  const bytes = new TextDecoder('latin1');
  return JSON.stringify(all, (_, value: unknown) =>
    value instanceof ArrayBuffer ? bytes.decode(value) : value,
  );
}

describe('what is masked', () => {
  it('D1 D3 D4 leaves nothing of it in any frame, row or answer, whoever wrote it', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    customer.post(card, 1);
    await hears(customer, maskedCard);
    desk.post(password, 2);
    await hears(desk, maskedPassword);
    desk.note(`${card} ${password}`, 3);
    await hears(desk, `${maskedCard} ${maskedPassword}`);
    const note = { id: crypto.randomUUID(), text: password };
    await act('hand-over', id, here.anna.access, { to: here.ben.id, note });
    await act('rating', id, visitor.access, { score: 4, comment: card });
    const seen = [...customer.raw, ...desk.raw, JSON.stringify(await history(id)), await stored(id)].join();
    await evict(id);
    const later = JSON.stringify([await history(id), await history(id, visitor.access)]);
    expect(secrets.filter((each) => seen.includes(each) || later.includes(each))).toEqual([]);
    expect(places(await history(id))).toEqual([
      '1 Hello?',
      `2 ${maskedCard}`,
      `3 ${maskedPassword}`,
      `3.1 ${maskedCard} ${maskedPassword}`,
      `3.2 ${maskedPassword}`,
    ]);
    const { rating } = (await join(id, here.sue.access).then((ear) => ear.next('welcome'))).conversation;
    expect(rating).toEqual({ score: 4, comment: maskedCard });
  });

  it('D4 is masked in a first message and in the answers before it', async () => {
    const questions = [{ kind: 'text' as const, label: { en: 'How do you pay?' }, required: true }];
    const visitor = await newVisitor(await newSite(here.team, undefined, { questions }));
    const reply = await call<BeginAnswer>('POST', '/api/v1/conversations', {
      token: visitor.access,
      body: { id: crypto.randomUUID(), text: card, customer: { answers: [card] } },
    });
    expect(reply.body.message).toMatchObject({ text: maskedCard, masked: ['card'] });
    const ear = await join(reply.body.conversation.id, here.anna.access);
    const { conversation } = await ear.next('welcome');
    expect(conversation.staff?.customer.answers).toEqual([
      { question: 'How do you pay?', answer: maskedCard },
    ]);
    await ear.next('messages');
    expect(ear.raw.join()).not.toContain('CVC 737');
  });

  it('D5 says which kinds, to everybody and for as long as it is there', async () => {
    const { id, customer, desk } = await talking(here);
    customer.post(`${card} ${password}`, 1);
    const text = `${maskedCard} ${maskedPassword}`;
    expect((await hears(customer, text)).masked).toEqual(['card', 'secret']);
    expect((await hears(desk, text)).masked).toEqual(['card', 'secret']);
    await evict(id);
    expect((await history(id)).map(({ masked }) => masked)).toEqual([undefined, ['card', 'secret']]);
  });

  it('D4 a text that is a secret and nothing else is one mark', async () => {
    const { id, customer, desk } = await talking(here);
    const messageId = customer.post('4111111111111111', 1);
    expect(await hears(desk, '•••• •••• •••• 1111')).toMatchObject({ id: messageId, seq: 2 });
    customer.post(['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_'), 2);
    await hears(desk, '[••• secret]');
    expect(customer.heard.filter(({ type }) => type === 'refused')).toEqual([]);
    expect(places(await history(id)).length).toBe(3);
  });
});

describe('said again', () => {
  it('C2 D5 is the same message, in the room, after an eviction and as the first of a conversation', async () => {
    const { id, customer, desk } = await talking(here);
    const messageId = customer.post(card, 1);
    await hears(customer, maskedCard);
    customer.heard.length = 0;
    customer.post(card, 1, messageId);
    expect(await hears(customer, maskedCard)).toMatchObject({ id: messageId, seq: 2 });
    await evict(id);
    customer.heard.length = 0;
    customer.post(card, 1, messageId);
    expect(await hears(customer, maskedCard)).toMatchObject({ id: messageId, seq: 2 });
    customer.post(`${card} And more.`, 1, messageId);
    expect(await customer.next('refused')).toMatchObject({ id: messageId, code: 'id_reused' });
    expect(desk.texts).toEqual([maskedCard]);
    const note = { id: crypto.randomUUID(), text: password };
    for (let time = 0; time < 2; time++) {
      const reply = await act('hand-over', id, here.anna.access, { to: here.ben.id, note });
      expect(reply.status).toBe(200);
    }
    const visitor = await newVisitor(here.site);
    const first = crypto.randomUUID();
    expect(await begin(visitor, card, first)).toBe(await begin(visitor, card, first));
  });

  it('C2 D5 D6 is the same message when the site’s rule has changed meanwhile', async () => {
    const mine = { ...here, site: await newSite(here.team) };
    const { customer } = await talking(mine);
    const masked = customer.post(card, 1);
    await hears(customer, maskedCard);
    await setMasking(mine.site, nothing);
    vi.setSystemTime(start + lifetimes.maskingRule);
    const plain = customer.post(`Again: ${card}`, 2);
    await hears(customer, `Again: ${card}`);
    customer.heard.length = 0;
    customer.post(card, 1, masked);
    expect(await hears(customer, maskedCard)).toMatchObject({ seq: 2 });
    await setMasking(mine.site, plainSettings.masking);
    vi.setSystemTime(start + 2 * lifetimes.maskingRule);
    customer.post(`Again: ${card}`, 2, plain);
    expect(await hears(customer, `Again: ${card}`)).toMatchObject({ seq: 3 });
  });
});

describe('a site', () => {
  it('D2 D6 has masked what it says, and nothing where it says so', async () => {
    const text = `DE89 3704 0044 0532 0130 00, CPF 529.982.247-25, ${card} ${password}`;
    const told = async (masking: Masking, expected: string) => {
      const { desk, customer } = await talking({
        ...here,
        site: await newSite(here.team, undefined, { masking }),
      });
      customer.post(text, 1);
      await hears(desk, expected);
    };
    await told(nothing, text);
    await told({ ...nothing, ibans: true }, text.replace('DE89 3704 0044 0532 0130 00', '[••• iban]'));
    await told({ ...nothing, nationalIds: true }, text.replace('529.982.247-25', '[••• id]'));
    await told({ ...nothing, cards: true }, text.replace(card, maskedCard));
    await told({ ...nothing, secrets: true }, text.replace(password, maskedPassword));
  });

  it('D6 that changes its rule is followed within half a minute', async () => {
    const mine = { ...here, site: await newSite(here.team, undefined, { masking: nothing }) };
    const { customer, desk } = await talking(mine);
    customer.post(card, 1);
    await hears(desk, card);
    await setMasking(mine.site, plainSettings.masking);
    vi.setSystemTime(start + lifetimes.maskingRule);
    customer.post(`Now: ${card}`, 2);
    await hears(desk, `Now: ${maskedCard}`);
  });

  it('D6 whose rule can’t be read has masked what is by default', async () => {
    const mine = { ...here, site: await newSite(here.team, undefined, { masking: nothing }) };
    const { id, customer, desk } = await talking(mine);
    await evict(id);
    await env.DB.prepare('ALTER TABLE sites RENAME TO sites_away').run();
    try {
      customer.post(card, 1);
      await hears(desk, maskedCard);
    } finally {
      await env.DB.prepare('ALTER TABLE sites_away RENAME TO sites').run();
    }
  });
});
