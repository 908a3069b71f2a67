import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { plainSettings, type SiteAnswer, type SitesAnswer } from '../../src/protocol/bodies.ts';
import type { SiteId, TeamId } from '../../src/protocol/ids.ts';
import type { ProfileId } from '../../src/protocol/laws.ts';
import { lifetimes } from '../../src/protocol/limits.ts';
import type { OrganisationAnswer } from '../../src/protocol/organisation.ts';
import type { ProcessingAnswer } from '../../src/protocol/processing.ts';
import { checksOfMeasures, type ProfilesAnswer } from '../../src/protocol/profiles.ts';
import wrangler from '../../wrangler.toml?raw';
import { leftOut, tables as backups } from '../../src/duties/backups.ts';
import { kinds, ofNobody } from '../../src/duties/laws/kinds.ts';
import { changeSite } from '../../src/chat/sites.ts';
import { turnProfile } from '../../src/duties/laws/turning.ts';
import {
  accessFor,
  begin,
  call,
  type Member,
  newMember,
  newSite,
  newTeam,
  newVisitor,
  shop,
} from '../cast.ts';
import { size, since } from '../ledger/scene.ts';

const day = 86_400_000;
let team: TeamId;
let site: SiteId;
let owner: Member;
let admin: Member;

beforeAll(async () => {
  team = await newTeam();
});
beforeEach(async () => {
  await env.DB.batch([
    env.DB.prepare('DELETE FROM profiles'),
    env.DB.prepare('DELETE FROM contracts'),
    env.DB.prepare('DELETE FROM controller'),
    env.DB.prepare(`UPDATE sites SET settings = '{}'`),
    env.DB.prepare(`UPDATE organisation SET settings = '{}'`),
  ]);
  site = await newSite(team, [shop], { keptDays: null });
  owner = await newMember('owner', [team]);
  admin = await newMember('admin', [team]);
});

afterEach(() => {
  vi.useRealTimers();
});

const look = async (by = owner) => call<ProfilesAnswer>('GET', '/api/v1/profiles', { token: by.access });
const turn = (profile: ProfileId, on: boolean, by = owner) =>
  call<ProfilesAnswer>('PUT', `/api/v1/profiles/${profile}`, { token: by.access, body: { on } });
const save = (settings: object, by = admin) =>
  call<SiteAnswer>('PATCH', `/api/v1/sites/${site}`, {
    token: by.access,
    body: { settings: { ...plainSettings, ...settings } },
  });
const sites = async () => (await call<SitesAnswer>('GET', '/api/v1/sites', { token: admin.access })).body;
const settingsNow = async (id: string = site) =>
  (await sites()).sites.find((each) => each.id === id)?.settings;
const idle = (minutes: number) =>
  call<OrganisationAnswer>('PATCH', '/api/v1/organisation', {
    token: owner.access,
    body: { idleMinutes: minutes },
  });
const stateOf = ({ profiles }: ProfilesAnswer, profile: ProfileId) =>
  profiles.find((each) => each.profile === profile);

describe('a profile', () => {
  it('D41 says beforehand what it would change, and how many conversations that erases', async () => {
    const id = await begin(await newVisitor(site), 'Hello');
    const age = env.DB.prepare('UPDATE conversations SET changed_at = ? WHERE id = ?');
    const old = age.bind(Date.now() - 731 * day, id);
    await expect.poll(async () => (await old.run()).meta.changes).toBeGreaterThan(0);
    const { body } = await look();
    expect(stateOf(body, 'gdpr')).toEqual({
      profile: 'gdpr',
      since: null,
      outside: [
        {
          site: { id: site, name: 'A shop' },
          changes: [{ setting: 'keptDays', from: null, to: 730 }],
          over: 1,
          visitorsOver: 0,
        },
      ],
    });
    expect((await settingsNow())?.keptDays).toBeNull();
  });

  it('D41 brings every site and the organisation to within it, and leaves what is within', async () => {
    const short = await newSite(team, [shop], { keptDays: 7, greeting: { en: 'Hello!' } });
    const { status, body } = await turn('hipaa', true);
    expect(status).toBe(200);
    expect(stateOf(body, 'hipaa')).toMatchObject({ since: expect.any(Number) as unknown, outside: [] });
    expect(await settingsNow()).toEqual({
      ...plainSettings,
      keptDays: null,
      files: { ...plainSettings.files, sensitive: 'all', code: true },
      masking: { ...plainSettings.masking, nationalIds: true },
    });
    expect(await settingsNow(short)).toMatchObject({ keptDays: 7, greeting: { en: 'Hello!' } });
    expect((await idle(10)).body.organisation.idleMinutes).toBe(10);
    expect((await idle(16)).body).toMatchObject({
      code: 'profile_locked',
      detail: 'The profile HIPAA holds after how many minutes a session locks (idleMinutes), at 15 at most.',
    });
    // On already: nothing changes, and it is on since then.
    const { body: again } = await turn('hipaa', true);
    expect(stateOf(again, 'hipaa')).toEqual(stateOf(body, 'hipaa'));
  });

  it('D41 is turned by owners alone, with a second factor of just now, and stands in the ledger', async () => {
    expect((await turn('gdpr', true, admin)).body.code).toBe('not_allowed');
    const before = await size();
    await turn('gdpr', true);
    await turn('gdpr', false);
    expect(await since(before)).toMatchObject([
      {
        actor: owner.id,
        action: 'privacy.change',
        outcome: 'done',
        facts: { profile: 'gdpr', isOn: true, changed: ['keptDays: null → 730'], sites: [site] },
      },
      { action: 'privacy.change', facts: { profile: 'gdpr', isOn: false, changed: [], sites: [] } },
    ]);
    expect(
      (await call('PUT', '/api/v1/profiles/none', { token: owner.access, body: { on: true } })).status,
    ).toBe(400);
  });

  it('D41 is not turned with a second factor of a while ago', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + lifetimes.stepUp + 1_000 });
    const session = { id: owner.session, amr: ['pwd', 'otp'], provedAt: Date.now() };
    const access = await accessFor(owner.id, session);
    expect((await turn('gdpr', true, { ...owner, access })).body.code).toBe('step_up_needed');
    expect(await env.DB.prepare('SELECT COUNT(*) AS n FROM profiles').first('n')).toBe(0);
  });

  it('D42 refuses whoever saves something outside of it, and names itself and the setting', async () => {
    await turn('gdpr', true);
    await turn('ccpa', true);
    const refused = await save({ keptDays: 731 });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'profile_locked',
      detail: 'The profiles GDPR and CCPA hold how long conversations are kept (keptDays), at 730 at most.',
    });
    const masking = { ...plainSettings.masking, nationalIds: true };
    expect((await save({ keptDays: 730, masking: { ...masking, cards: false } }, owner)).body.code).toBe(
      'profile_locked',
    );
    expect((await settingsNow())?.keptDays).toBe(730);
    expect((await save({ keptDays: 30, masking })).body.site.settings.keptDays).toBe(30);
    expect((await sites()).profiles).toEqual(['gdpr', 'ccpa']);
  });

  it('D42 leaves nothing outside that is saved in the moment in which it is turned on', async () => {
    for (let round = 0; round < 4; round++) {
      await turn('gdpr', false);
      await Promise.allSettled([
        turnProfile(env, 'gdpr', true),
        changeSite(env, site, { settings: { ...plainSettings, keptDays: null } }),
      ]);
      expect((await settingsNow())?.keptDays).not.toBeNull();
    }
  });

  it('D43 lets new sites begin within it, and leaves everything when it is turned off', async () => {
    await turn('hipaa', true);
    const made = await call<SiteAnswer>('POST', '/api/v1/sites', {
      token: admin.access,
      body: { name: 'Another', team, origins: [shop] },
    });
    expect(made.body.site.settings.files).toMatchObject({ sensitive: 'all', code: true });
    const held = await settingsNow(made.body.site.id);
    expect(made.body.site.settings).toEqual(held);
    await turn('hipaa', false);
    expect(await settingsNow(made.body.site.id)).toEqual(held);
    expect((await save({})).status).toBe(200);
  });
});

describe('what stands by security checks', () => {
  it('D93 is shown as it was found last, and as not looked at where that is of days ago', async () => {
    const add = env.DB.prepare(`INSERT INTO check_results VALUES (?, ?, ?, 0, '{}', ?, ?)`);
    const now = Date.now();
    await env.DB.batch([
      add.bind('before', 'backup-recent', 'passed', 'All was well.', now - 2_000),
      add.bind('after', 'backup-recent', 'failed', 'No backup is whole.', now - 1_000),
      add.bind('before', 'restore-drill', 'passed', 'All was well.', now - 3 * day),
    ]);
    const { checks } = (await look()).body;
    expect(Object.keys(checks).toSorted()).toEqual([...checksOfMeasures].toSorted());
    expect(checks['backup-recent']).toEqual({
      ...{ outcome: 'failed', words: 'No backup is whole.', at: now - 1_000 },
    });
    expect(checks['restore-drill']).toMatchObject({ outcome: 'not-run', at: null });
  });
});

describe('a contract', () => {
  const noted = (measure: string, note: unknown, by = owner) =>
    call<ProfilesAnswer>('PUT', `/api/v1/contracts/${measure}`, { token: by.access, body: { note } });

  it('D44 is noted for a measure that asks for one, lies sealed, and can be taken back', async () => {
    const note = { date: '2026-11-28', where: 'The folder PELLUCIDPLACE' };
    expect((await noted('gdpr.processor', note, admin)).body.code).toBe('not_allowed');
    expect((await noted('gdpr.sealed', note)).status).toBe(404);
    expect((await noted('gdpr.processor', { ...note, date: 'soon' })).status).toBe(400);
    expect((await noted('gdpr.processor', note)).body.contracts).toEqual({ 'gdpr.processor': note });
    expect((await look(admin)).body.contracts).toEqual({ 'gdpr.processor': note });
    const row = await env.DB.prepare('SELECT note FROM contracts').first<{ note: number[] }>();
    const text = new TextDecoder('latin1').decode(Uint8Array.from(row?.note ?? []));
    expect(text.length).toBeGreaterThan(40);
    expect(text).not.toContain('PELLUCIDPLACE');
    expect((await noted('gdpr.processor', null)).body.contracts).toEqual({});
  });
});

describe('the record of processing', () => {
  const record = async (by = admin) =>
    (await call<ProcessingAnswer>('GET', '/api/v1/processing', { token: by.access })).body.record;

  it('D46 says what is set right now', async () => {
    expect((await record()).sites.find(({ id }) => id === site)).toMatchObject({
      name: 'A shop',
      conversationDays: null,
      fileDays: 30,
      masked: ['cards', 'secrets'],
      consent: null,
    });
    const consent = { version: '3', text: { en: 'We keep what you write.' } };
    await save({
      keptDays: 90,
      consent,
      questions: [{ kind: 'text', label: { en: 'Order?' }, required: true }],
    });
    const changed = await record(await newMember('privacyOfficer', []));
    expect(changed.sites.find(({ id }) => id === site)).toMatchObject({
      conversationDays: 90,
      consent,
      questions: [{ kind: 'text', label: 'Order?', required: true }],
    });
    expect(changed.times).toContainEqual({
      what: 'Conversations on A shop',
      howLong: '90 days after the last that happened in it, unless a legal hold or a restriction keeps it.',
    });
    expect(changed.recipients.map(({ who }) => who)).toContain('Cloudflare, as processor');
    expect(changed.data.join(' ')).toMatch(
      /which lessons they have taken.*how they are reached.*Of incidents/,
    );
    for (const what of [
      'Of customers: their name',
      'networks (IPv4 /24',
      'to what they agreed',
      'what they asked',
    ])
      expect(changed.data.join(' ')).toContain(what);
    const kept = ['Which lessons', 'How those are reached', 'Incidents, what was noted'];
    for (const what of kept)
      expect(
        changed.times.some((each) => each.what.startsWith(what)),
        what,
      ).toBe(true);
  });

  it('D63 says for how long each kind is kept, as it is set then, and that no mail is', async () => {
    const times = async () => new Map((await record()).times.map(({ what, howLong }) => [what, howLong]));
    await save({ visitorDays: null });
    expect((await times()).get('Customers on A shop of whom no conversation is left')).toContain('For ever');
    await save({ visitorDays: 20 });
    await call('PATCH', '/api/v1/organisation', { token: owner.access, body: { ledgerDetailsDays: 90 } });
    const now = await times();
    expect(now.get('Backups of all of this')).toMatch(/^35 days/);
    expect(now.get('Customers on A shop of whom no conversation is left')).toBe(
      '20 days after they were last seen, unless their data are restricted.',
    );
    expect([...now].find(([what]) => what.startsWith('What is personal in the ledger'))?.[1]).toContain(
      '90 days',
    );
    expect(now.get('That a conversation was mailed')).toContain('Sotto keeps none of it');
  });

  it('D95 has a kind and a time for every table, kind of object and bucket, or says that nothing of anybody is in it', async () => {
    const query = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'
      AND name NOT IN ('d1_migrations', 'sqlite_sequence')`;
    const tables = (await env.DB.prepare(query).all<{ name: string }>()).results.map(({ name }) => name);
    const bound = wrangler.slice(wrangler.indexOf('[[r2_buckets]]'));
    const buckets = [...bound.matchAll(/^binding = "(\w+)"\nbucket_name/gm)].map(([, name = '']) => name);
    const objects = [...wrangler.matchAll(/\{ name = "(\w+)", class_name/g)].map(([, name = '']) => name);
    expect([tables.length > 50, buckets.length, objects.length]).toEqual([true, 5, 6]);
    const named = [...kinds.flatMap((kind) => kind.in), ...ofNobody];
    expect(named.toSorted()).toEqual([...tables, ...buckets, ...objects].toSorted());
    const backedUp = [...backups.map(({ name }) => name), ...Object.keys(leftOut)];
    expect(backedUp.filter((name) => !named.includes(name))).toEqual([]);
    const { data, times, sites: shown } = await record();
    for (const kind of kinds) {
      if (kind.data !== null) expect(data).toContain(kind.data);
      const lines = kind.times({ sites: shown, ledgerDetailsDays: 365 });
      expect(lines, kind.in.join()).not.toEqual([]);
      for (const { what } of lines) expect(times.map((each) => each.what)).toContain(what);
    }
  });

  it('D47 names who answers for the data, which lies sealed', async () => {
    const controller = { name: 'Harbour Coffee', contact: 'PELLUCIDCONTACT', officer: 'Ines' };
    const put = (by: Member) =>
      call<ProcessingAnswer>('PUT', '/api/v1/processing/controller', { token: by.access, body: controller });
    expect((await put(admin)).body.code).toBe('not_allowed');
    expect((await put(owner)).body.record.controller).toEqual(controller);
    expect((await record()).controller).toEqual(controller);
    const row = await env.DB.prepare('SELECT contacts FROM controller').first<{ contacts: number[] }>();
    const text = new TextDecoder('latin1').decode(Uint8Array.from(row?.contacts ?? []));
    expect(text.length).toBeGreaterThan(60);
    expect(text).not.toContain('PELLUCIDCONTACT');
  });
});
