/** Checks of people and their rights, each made to fail and to pass. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { ledgerOf } from '../../../src/ledger.ts';
import { accountOf } from '../../../src/people/account.ts';
import { newId, type PersonId } from '../../../src/protocol/ids.ts';
import { call, type Member, newMember, newTeam, signedIn } from '../../cast.ts';
import { day, fails, isNotRun, looked, passes, sql } from './scene.ts';

let owner: Member;

/** Nobody but an owner, who has a passkey. */
beforeEach(async () => {
  for (const table of ['owner_key', 'passkeys', 'resets', 'team_members', 'people', 'roles'])
    await sql(`DELETE FROM ${table}`);
  owner = await newMember('owner', []);
  await givePasskey(owner.id);
});

const givePasskey = (id: PersonId) =>
  sql(
    `INSERT INTO passkeys (id, person, public_key, counter, transports, name, created_at)
     VALUES (?, ?, x'00', 0, '[]', x'11', 0)`,
    crypto.randomUUID(),
    id,
  );
const giveTotp = (id: PersonId) => sql(`UPDATE people SET totp = x'11' WHERE id = ?`, id);
const setOrganisation = async (change: object) => {
  const { status } = await call('PATCH', '/api/v1/organisation', { token: owner.access, body: change });
  expect(status).toBe(200);
};

describe('A10 of people and their rights', () => {
  it('A10 an account without a second factor is found', async () => {
    expect((await passes('second-factors')).found).toMatchObject({ people: 1, passkeys: 1 });
    const anna = await newMember('agent', []);
    expect((await fails('second-factors')).found['without']).toEqual([anna.id]);
    await giveTotp(anna.id);
    expect((await passes('second-factors')).found).toMatchObject({ people: 2, codesAlone: 1 });
  });

  it('A10 whoever rules and has no passkey is found, and nobody else', async () => {
    const agent = await newMember('agent', []);
    await giveTotp(agent.id);
    await passes('phishing-resistant-factors');
    const admin = await newMember('admin', []);
    await giveTotp(admin.id);
    expect((await fails('phishing-resistant-factors')).found).toEqual({
      ...{ people: 2, withPasskey: 1, without: [admin.id] },
    });
  });

  it('A10 few recovery codes are found', async () => {
    await fails('recovery-codes');
    const account = accountOf(env, owner.id);
    await account.offerRecoveryCodes(['one', 'two', 'three'], owner.session);
    await account.keepRecoveryCodes('two', owner.session);
    await passes('recovery-codes');
  });

  it('A10 one owner alone is too few, and five are too many', async () => {
    await fails('owners');
    await newMember('owner', []);
    await passes('owners');
    for (let n = 0; n < 3; n++) await newMember('owner', []);
    expect((await fails('owners')).found).toEqual({ owners: 5 });
  });

  it('A10 a missing owner key is found, and somebody who waits with one', async () => {
    await fails('owner-key');
    await sql(`INSERT INTO owner_key (only, hash, made_at) VALUES (1, 'hash', 1)`);
    await passes('owner-key');
    await sql('UPDATE owner_key SET waiting = ?, since = 1, epoch = 1', owner.id);
    expect((await fails('owner-key')).found).toEqual({ isThere: true, isWaited: true });
  });

  it('A10 an account that nobody uses is found by what the ledger has of it', async () => {
    const anna = await newMember('agent', []);
    await passes('stale-accounts');
    await sql('UPDATE people SET created_at = 0 WHERE id = ?', anna.id);
    expect((await fails('stale-accounts')).found['stale']).toEqual([anna.id]);
    await call('PATCH', '/api/v1/organisation', { token: anna.access, body: { idleMinutes: 30 } });
    await ledgerOf(env).append([
      {
        id: crypto.randomUUID(),
        at: Date.now(),
        actor: anna.id,
        action: 'session.end',
        outcome: 'done',
        facts: {},
      },
    ]);
    await ledgerOf(env).checkpoint();
    await passes('stale-accounts');
    await fails('stale-accounts', { at: Date.now() + 46 * day });
  });

  it('A10 somebody who is signed in at many places is found', async () => {
    await passes('sessions');
    for (let n = 0; n < 5; n++) await signedIn(owner.id);
    expect((await fails('sessions')).found).toMatchObject({ sessions: 6, crowded: [owner.id], tooOld: [] });
    await accountOf(env, owner.id).endSessions(owner.session);
    await passes('sessions');
    expect((await fails('sessions', { at: Date.now() + day })).found).toMatchObject({ tooOld: [owner.id] });
  });

  it('A10 sessions that wait too long are found', async () => {
    await passes('idle-time');
    await setOrganisation({ idleMinutes: 90 });
    expect((await fails('idle-time')).found).toEqual({ idleMinutes: 90 });
    await setOrganisation({ idleMinutes: 30 });
    await passes('idle-time');
  });

  it('A10 a right that too many hold is found', async () => {
    for (let n = 0; n < 4; n++) await newMember('admin', []);
    expect((await passes('powerful-rights')).found).toMatchObject({ 'keys.rotate': 5, 'owners.appoint': 1 });
    await newMember('privacyOfficer', []);
    expect((await fails('powerful-rights')).found['wide']).toEqual([
      'ledger.export',
      'customer.copy',
      'privacy.answer',
    ]);
  });

  it('A10 a role of one’s own that is too wide is found, and one that nobody has', async () => {
    expect((await passes('custom-roles')).found).toEqual({ roles: 0 });
    const make = async (name: string, grants: object) => {
      const { body } = await call<{ role: { id: string } }>('POST', '/api/v1/roles', {
        ...{ token: owner.access, body: { name, grants } },
      });
      return body.role.id;
    };
    const narrow = await make('Night shift', { 'sites.list': 'all', 'conversation.read': 'team' });
    expect((await fails('custom-roles')).found).toMatchObject({ wide: [], unused: [narrow] });
    const anna = await newMember('agent', []);
    await sql('UPDATE people SET role = ? WHERE id = ?', narrow, anna.id);
    await passes('custom-roles');
    const wide = await make('Handyman', { 'keys.rotate': 'all', 'people.change': 'all' });
    await sql('UPDATE people SET role = ? WHERE id = ?', wide, (await newMember('agent', [])).id);
    expect((await fails('custom-roles')).found).toMatchObject({ wide: [wide], unused: [] });
  });

  it('A10 powerful rights that nobody used for ninety days are found', async () => {
    await passes('unused-rights');
    const admin = await newMember('admin', [await newTeam()]);
    expect((await passes('unused-rights')).found).toEqual({ people: 0 });
    await sql('UPDATE people SET created_at = 0 WHERE id = ?', admin.id);
    expect((await fails('unused-rights')).found['unused']).toEqual([admin.id]);
    await call('POST', '/api/v1/roles', {
      ...{ token: admin.access, body: { name: 'A role', grants: { 'sites.list': 'all' } } },
    });
    await ledgerOf(env).checkpoint();
    await passes('unused-rights');
    await fails('unused-rights', { at: Date.now() + 91 * day });
  });

  it('A10 an old invitation is found', async () => {
    await passes('invitations');
    const anna = await newMember('agent', []);
    await sql(`UPDATE people SET state = 'invited' WHERE id = ?`, anna.id);
    await passes('invitations');
    expect((await fails('invitations', { at: Date.now() + 8 * day })).found['old']).toEqual([anna.id]);
  });

  it('A10 a budget that bounds nothing is found', async () => {
    await passes('reading-budgets');
    await setOrganisation({ budgets: { agent: 900 } });
    expect((await fails('reading-budgets')).found['wide']).toEqual(['agent']);
    await setOrganisation({ budgets: { agent: 100 }, fileBudgets: { supervisor: 500 } });
    expect((await fails('reading-budgets')).found['wide']).toEqual(['supervisor']);
    await setOrganisation({ fileBudgets: { supervisor: 30 } });
    await passes('reading-budgets');
  });

  it('N46 a scenario that nobody has played of late is found, and one that did not end contained', async () => {
    const play = (scenario: string, contained: object | null) =>
      sql(
        `INSERT INTO drills (id, scenario, begun_by, begun_at, team, site, person, report, over_at)
         VALUES (?1, ?2, ?3, ?4, '', '', '', ?5, ?4)`,
        ...[newId('drill'), scenario, owner.id, Date.now(), JSON.stringify({ contained, gaps: [] })],
      );
    const due = async () => (await fails('incident-drills')).found['due'];
    expect(await due()).toEqual(['account', 'key', 'file', 'backup']);
    for (const scenario of ['account', 'key', 'file']) await play(scenario, { by: 'people' });
    await play('backup', null);
    expect(await due()).toEqual(['backup']);
    await play('backup', { by: 'drill' });
    await passes('incident-drills');
    await fails('incident-drills', { at: Date.now() + 101 * day });
  });

  it('A1 where nobody is, nothing of people passes', async () => {
    for (const table of ['passkeys', 'team_members', 'people', 'roles']) await sql(`DELETE FROM ${table}`);
    for (const id of [
      'second-factors',
      'owners',
      'stale-accounts',
      'sessions',
      'invitations',
      'powerful-rights',
      'unused-rights',
    ])
      await isNotRun(id);
    expect((await looked('owner-key')).outcome).not.toBe('passed');
  });
});
