/** Checks of how ready people are, and of what incidents leave behind, each made to fail and to pass. */
import { beforeEach, describe, expect, it } from 'vitest';
import { components } from '../../../src/protocol/components.ts';
import type { IncidentAnswer } from '../../../src/protocol/incidents.ts';
import { incidentRoleNames } from '../../../src/protocol/incidents.ts';
import { call, type Member, newMember } from '../../cast.ts';
import { day, fails, hour, isNotRun, passes, sql } from './scene.ts';

let owner: Member;

beforeEach(async () => {
  for (const table of [
    ...['incident_clocks', 'incident_notes', 'incident_tasks', 'incidents', 'incident_approvals'],
    ...['incident_policies', 'incident_roles', 'containment', 'training_asked', 'training_taken'],
    ...['team_members', 'people'],
  ])
    await sql(`DELETE FROM ${table}`);
  owner = await newMember('owner', []);
});

const ask = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
  call<T>(method, `/api/v1${path}`, { token: owner.access, body });

describe('A22 of readiness', () => {
  it('A22 whoever has not taken a lesson in time is found', async () => {
    await isNotRun('training');
    const from = Date.now() + 30 * day;
    await ask('PUT', '/training/roles/owner', { lessons: [{ lesson: 'phishing', gate: null, from }] });
    await passes('training');
    const later = { at: from + day };
    expect((await fails('training', later)).found).toEqual({ assigned: 1, overdue: 1 });
  });

  it('A22 a plan that nobody has approved is found, and a role that nobody has', async () => {
    expect((await fails('incident-plan')).found).toMatchObject({ policy: 'none' });
    await ask('PUT', '/incident-plan/policy', { version: 0, text: 'Stay calm.' });
    expect((await fails('incident-plan')).found).toMatchObject({ policy: 'waiting' });
    const place = { first: { person: owner.id, contact: '' }, deputy: null };
    const roles = Object.fromEntries(incidentRoleNames.map((role) => [role, place]));
    const technical = { first: null, deputy: null };
    await ask('PUT', '/incident-plan/roles', { roles: { ...roles, technical } });
    await ask('POST', '/incident-plan/policy/1/approval');
    expect((await fails('incident-plan')).found).toEqual({ policy: 'approved', unfilled: ['technical'] });
    await ask('PUT', '/incident-plan/roles', { roles });
    await passes('incident-plan');
    await sql(`UPDATE people SET state = 'disabled'`);
    expect((await fails('incident-plan')).found['unfilled']).toEqual([...incidentRoleNames]);
  });
});

describe('A19 of incidents', () => {
  it('A19 a notice that is late is found, until it is said what was done', async () => {
    await passes('incident-clocks');
    const { body } = await ask<IncidentAnswer>('POST', '/incidents', {
      ...{ title: 'A lost device', what: 'It was in a train.', kind: 'device', severity: 2, things: [] },
      ...{ noticedAt: Date.now(), beganAt: Date.now() - hour, alarm: null, drill: false },
    });
    expect((await passes('incident-clocks')).found).toEqual({ open: 1, overdue: 0 });
    const late = { at: Date.now() + 73 * hour };
    expect((await fails('incident-clocks', late)).found).toEqual({ open: 1, overdue: 1 });
    await ask('PUT', `/incidents/${body.incident.id}/clocks/gdpr.authority`, {
      outcome: 'done',
      text: 'Told.',
    });
    await passes('incident-clocks', late);
  });
});

describe('A16 of what is held back', () => {
  it('A16 what is held back and forgotten is found, until it is held back anew or has an end', async () => {
    await passes('held-back');
    const week = { at: Date.now() + 8 * day };
    await ask('POST', '/containment', { kind: 'exports', reason: 'account' });
    await passes('held-back');
    expect((await fails('held-back', week)).found).toEqual({ held: 1, old: 1, kinds: ['exports'] });
    await ask('POST', '/containment', { kind: 'exports', reason: 'account', lasts: 20 * day });
    expect((await passes('held-back', week)).found).toMatchObject({ held: 1 });
    await sql('UPDATE containment SET until = NULL, begun_at = ?', Date.now() + 7 * day);
    await passes('held-back', week);
  });
});

describe('A18 of what others have made', () => {
  it('A18 a library with a known hole is found, and nothing is said where nobody knows', async () => {
    const osv = (answer: (names: string[]) => unknown) => ({
      outside: async (_: string, { body }: RequestInit = {}) => {
        const { queries } = await new Response(body).json<{ queries: { package: { name: string } }[] }>();
        return Response.json(answer(queries.map(({ package: { name } }) => name)));
      },
    });
    const known = (which: string) => (names: string[]) => ({
      results: names.map((name) => (name === which ? { vulns: [{ id: 'GHSA-1', modified: '' }] } : {})),
    });
    await passes('dependencies', osv(known('none')));
    const [name = '', version = ''] = components[0] ?? [];
    expect((await fails('dependencies', osv(known(name)))).found).toEqual({
      ...{ libraries: components.length, holes: 1, which: [`${name} ${version}: GHSA-1`] },
    });
    await isNotRun(
      'dependencies',
      osv(() => ({ results: [] })),
    );
    await isNotRun(
      'dependencies',
      osv(() => ({ error: 'no' })),
    );
    await isNotRun('dependencies', { outside: () => Promise.reject(new Error('nobody answers')) });
  });
});
