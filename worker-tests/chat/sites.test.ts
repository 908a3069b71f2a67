import { beforeEach, describe, expect, it } from 'vitest';
import {
  plainSettings,
  type SiteAnswer,
  type SitesAnswer,
  type SiteSettings,
  type WidgetAnswer,
} from '../../src/protocol/bodies.ts';
import { newId, type SiteId, type TeamId } from '../../src/protocol/ids.ts';
import { palettesOf } from '../../src/protocol/palette.ts';
import { call, join, newMember, newSite, newTeam, newVisitor, shop, type Member } from '../cast.ts';

let team: TeamId;
let site: SiteId;
let admin: Member;

beforeEach(async () => {
  team = await newTeam();
  site = await newSite(team);
  admin = await newMember('admin', [team]);
});

const settings: SiteSettings = {
  colour: '#175c4c',
  title: { en: 'Ask us', de: 'Frag uns' },
  greeting: { en: 'Hello!', de: 'Hallo!' },
  hours: { timeZone: 'Europe/Berlin', week: Array.from({ length: 7 }, () => [{ from: 0, to: 1_440 }]) },
  questions: [
    { kind: 'name', label: {}, required: true },
    { kind: 'text', label: { en: 'Order number?' }, required: false },
  ],
  consent: { version: '2026-11', text: { en: 'We keep what you write for a year.' } },
  files: { groups: ['image', 'pdf'], bytes: 5_000_000, days: 7, sensitive: 'all', code: true },
  keptDays: 30,
  visitorDays: 60,
  masking: { cards: true, ibans: true, nationalIds: false, secrets: false },
};

const change = (body: unknown, token = admin.access, id: string = site) =>
  call<SiteAnswer>('PATCH', `/api/v1/sites/${id}`, { token, body });
/** From an address of its own, since the door counts by network. */
const widget = (id: string = site, network = '192.0.2.50') =>
  call<WidgetAnswer>('GET', `/api/v1/sites/${id}/widget`, { headers: { 'cf-connecting-ip': network } });

describe('a site', () => {
  it('T3 has plain settings until somebody changes them', async () => {
    const { body } = await call<SitesAnswer>('GET', '/api/v1/sites', { token: admin.access });
    expect(body.sites.find(({ id }) => id === site)).toEqual({
      id: site,
      name: 'A shop',
      team,
      origins: [shop],
      settings: plainSettings,
    });
    const made = await call<SiteAnswer>('POST', '/api/v1/sites', {
      token: admin.access,
      body: { name: 'Another shop', team, origins: [shop, shop] },
    });
    expect(made.body.site).toMatchObject({ origins: [shop], settings: plainSettings });
    expect((await widget(made.body.site.id)).body.settings).toEqual(plainSettings);
  });

  it('T3 changes what is given and keeps the rest', async () => {
    const other = await newTeam();
    const named = await change({ name: 'Harbour Coffee' });
    expect(named.body.site).toEqual({
      id: site,
      name: 'Harbour Coffee',
      team,
      origins: [shop],
      settings: plainSettings,
    });
    await change({ settings });
    await change({ team: other, origins: ['https://a.example', 'https://b.example', 'https://a.example'] });
    const { body } = await change({});
    expect(body.site).toEqual({
      id: site,
      name: 'Harbour Coffee',
      team: other,
      origins: ['https://a.example', 'https://b.example'],
      settings,
    });
    const { sites } = (await call<SitesAnswer>('GET', '/api/v1/sites', { token: admin.access })).body;
    expect(sites.find(({ id }) => id === site)).toEqual(body.site);
  });

  it.each<[string, unknown, string?]>([
    ['a team that is not there', { team: newId('team') }, 'team: there is no such team'],
    ['an unknown field', { colour: '#000000' }],
    ['an unknown setting', { settings: { ...settings, css: 'a{}' } }],
    ['a setting left out', { settings: { ...settings, colour: undefined } }],
    ['a colour that is none', { settings: { ...settings, colour: 'red;}' } }],
    ['a language that is none', { settings: { ...settings, title: { 'en"><script>': 'x' } } }],
    ['a time zone that is none', { settings: { ...settings, hours: { timeZone: 'Mars/Base', week: [] } } }],
    ['six days', { settings: { ...settings, hours: { timeZone: 'UTC', week: [[], [], [], [], [], []] } } }],
    ['no origin', { origins: [] }],
    ['a name that is null', { name: null }],
  ])('T3 refuses %s, and nothing has changed', async (_, body, detail) => {
    const reply = await change(body);
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid']);
    if (detail !== undefined) expect(reply.body.detail).toBe(detail);
    expect((await change({})).body.site).toMatchObject({ name: 'A shop', team, settings: plainSettings });
  });

  it('T3 is changed by those who have the right, and by nobody else', async () => {
    for (const role of ['supervisor', 'agent', 'auditor'] as const) {
      const member = await newMember(role, [team]);
      expect((await change({ name: 'Mine' }, member.access)).body.code).toBe('not_allowed');
    }
    const visitor = await newVisitor(site);
    expect((await change({ name: 'Mine' }, visitor.access)).body.code).toBe('not_allowed');
    expect((await call('PATCH', `/api/v1/sites/${site}`, { body: {} })).body.code).toBe('signed_out');
    expect((await change({ name: 'Mine' }, admin.access, newId('site'))).body.code).toBe('not_found');
    expect((await change({ name: 'Mine' }, admin.access, 'x')).body.code).toBe('not_found');
  });
});

describe('what a widget shows before anything is written', () => {
  it('T4 is told to everybody, with no cookie and no name of staff', async () => {
    await change({ settings });
    const reply = await widget();
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      name: 'A shop',
      settings,
      palettes: palettesOf('#175c4c'),
      state: 'away',
      opensAt: null,
    });
    await change({ settings: { ...settings, colour: null } });
    expect((await widget()).body.palettes).toBeNull();
    expect(reply.headers.get('set-cookie')).toBeNull();
    expect((await widget(newId('site'))).body.code).toBe('not_found');
  });

  it('T4 is online while somebody of the team is available, and else away', async () => {
    expect((await widget()).body.state).toBe('away');
    // A count serves for ten seconds, so each of these teams is asked for once.
    const staffed = await newTeam();
    const anna = await newMember('agent', [staffed]);
    const ear = await join(staffed, anna.access);
    ear.say({ type: 'present', as: 'available' });
    await ear.next('people');
    expect((await widget(await newSite(staffed))).body.state).toBe('online');
    ear.say({ type: 'present', as: 'away' });
    await ear.next('people');
    expect((await widget(await newSite(staffed))).body.state).toBe('online');
    ear.close();
  });

  it('T4 is closed outside the hours, whoever is there, and says when it opens', async () => {
    const ear = await join(team, admin.access);
    ear.say({ type: 'present', as: 'available' });
    await ear.next('people');
    const tomorrow = new Date(Date.now() + 86_400_000);
    const weekday = (tomorrow.getUTCDay() + 6) % 7;
    const week = Array.from({ length: 7 }, (_, day) => (day === weekday ? [{ from: 540, to: 600 }] : []));
    await change({ settings: { ...settings, hours: { timeZone: 'UTC', week } } });
    const opensAt = Date.parse(`${tomorrow.toISOString().slice(0, 10)}T09:00Z`);
    expect((await widget()).body).toMatchObject({ state: 'closed', opensAt });
    const never = { timeZone: 'UTC', week: week.map(() => []) };
    await change({ settings: { ...settings, hours: never } });
    expect((await widget()).body).toMatchObject({ state: 'closed', opensAt: null });
    await change({ settings: { ...settings, hours: null } });
    expect((await widget()).body).toMatchObject({ state: 'online', opensAt: null });
    ear.close();
  });

  it('T4 has a pace for each network', async () => {
    const replies: (string | undefined)[] = [];
    // Its minute may end on the way, and then it counts from nothing.
    for (let n = 0; n < 260 && replies.at(-1) !== 'too_fast'; n++)
      replies.push((await widget(newId('site'), '198.51.100.7')).body.code);
    expect(replies.slice(0, 100).every((code) => code === 'not_found')).toBe(true);
    expect(replies.at(-1)).toBe('too_fast');
    expect((await widget()).status).toBe(200);
  });
});
