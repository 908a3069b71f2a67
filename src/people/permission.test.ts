import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Role, roles } from '../protocol/roles.ts';
import { newId } from '../protocol/ids.ts';
import { type Action, type Asker, lackOf, may, permissions, type Staff, type Visitor } from './permission.ts';

const team = newId('team');
const site = newId('site');
const visitor: Visitor = { kind: 'visitor', id: newId('visitor'), site };
const stranger: Visitor = { kind: 'visitor', id: newId('visitor'), site };
const staff = (role: Role, teams = [team]): Staff => ({
  kind: 'staff',
  id: newId('person'),
  session: newId('session'),
  role,
  teams,
});
const actions = Object.keys(permissions) as Action[];
const conversationOf = (assignee: Staff | null) => ({
  team,
  site,
  visitor: visitor.id,
  person: assignee?.id ?? null,
});

/** What each role may do to a conversation of its own team that somebody else, or nobody, has claimed. */
const ownTeamTable: Record<string, Role[]> = {
  'conversation.list': ['owner', 'admin', 'supervisor', 'agent', 'auditor'],
  'conversation.read': ['owner', 'admin', 'supervisor', 'agent', 'auditor'],
  'conversation.claim': ['owner', 'admin', 'supervisor', 'agent'],
  'conversation.reopen': ['owner', 'admin', 'supervisor', 'agent'],
  'conversation.close': ['owner', 'admin', 'supervisor'],
  'conversation.post': [],
  'conversation.begin': [],
  'conversation.note': ['owner', 'admin', 'supervisor', 'agent'],
  'conversation.handOver': ['owner', 'admin', 'supervisor'],
  'conversation.tag': ['owner', 'admin', 'supervisor', 'agent'],
  'conversation.snooze': ['owner', 'admin', 'supervisor'],
  'conversation.rate': [],
  'customer.change': ['owner', 'admin', 'supervisor'],
  'message.delete': [],
  'message.redact': ['owner', 'admin', 'supervisor'],
  'inbox.rebuild': ['owner', 'admin'],
  'replies.list': ['owner', 'admin', 'supervisor', 'agent', 'auditor'],
  'replies.change': ['owner', 'admin', 'supervisor'],
  'people.list': ['owner', 'admin', 'supervisor', 'auditor'],
  'people.invite': ['owner', 'admin'],
  'people.change': ['owner', 'admin'],
  'people.endSessions': ['owner', 'admin'],
  'people.reset': ['owner', 'admin'],
  'teams.list': ['owner', 'admin', 'supervisor', 'agent', 'auditor'],
  'teams.create': ['owner', 'admin'],
  'teams.change': ['owner', 'admin'],
  'sites.list': ['owner', 'admin', 'supervisor', 'agent', 'auditor'],
  'sites.create': ['owner', 'admin'],
  'sites.change': ['owner', 'admin'],
};

describe('P1 the permission rule', () => {
  it('has a line in this table for every action', () => {
    expect(Object.keys(ownTeamTable).sort()).toEqual([...actions].sort());
  });

  it.each(Object.entries(ownTeamTable))('%s in the own team is for %j', (action, allowed) => {
    const granted = roles.filter((role) => may(staff(role), action as Action, conversationOf(null)));
    expect(granted).toEqual(allowed);
  });

  it('lets whoever claimed a conversation answer and close it, but an auditor never', () => {
    for (const role of roles) {
      const claimer = staff(role);
      expect(may(claimer, 'conversation.post', conversationOf(claimer))).toBe(role !== 'auditor');
      expect(may(claimer, 'conversation.close', conversationOf(claimer))).toBe(role !== 'auditor');
    }
  });
});

describe('P2 another team', () => {
  it('is closed to agents and supervisors', () => {
    for (const role of ['agent', 'supervisor'] as const) {
      for (const action of actions.filter((name) => name.startsWith('conversation.'))) {
        expect(may(staff(role, [newId('team')]), action, conversationOf(null))).toBe(false);
        expect(may(staff(role, []), action, conversationOf(null))).toBe(false);
      }
    }
  });
});

describe('P3 rank', () => {
  it('nobody gives or touches a role above their own', () => {
    const invites = (asker: Role, role: Role) => may(staff(asker), 'people.invite', { role });
    expect(roles.filter((role) => invites('owner', role))).toEqual([...roles]);
    expect(roles.filter((role) => invites('admin', role))).toEqual([
      'admin',
      'supervisor',
      'agent',
      'auditor',
    ]);
    expect(roles.filter((role) => invites('supervisor', role))).toEqual([]);
  });
});

describe('P4 visitors', () => {
  it('reach their own conversation on their own site and nothing else', () => {
    const own = conversationOf(null);
    const granted = actions.filter((action) => may(visitor, action, own));
    expect(granted).toEqual([
      'conversation.begin',
      'conversation.list',
      'conversation.read',
      'conversation.post',
      'conversation.close',
      'conversation.rate',
      'message.delete',
    ]);
    for (const action of actions) {
      expect(may(stranger, action, own)).toBe(false);
      expect(may({ ...visitor, site: newId('site') }, action, own)).toBe(false);
      expect(may(visitor, action, {})).toBe(false);
    }
  });
});

describe('P1 denial is the default', () => {
  it('for every asker, action and thing that the table does not name', () => {
    const askers = fc.constantFrom<Asker>(visitor, ...roles.map((role) => staff(role, [])));
    fc.assert(
      fc.property(askers, fc.constantFrom(...actions), (asker, action) => {
        const grants: Partial<Record<string, string>> = permissions[action];
        const reach = grants[asker.kind === 'visitor' ? 'visitor' : asker.role];
        expect(may(asker, action, {})).toBe(asker.kind === 'staff' && reach === 'all');
      }),
    );
  });
});

describe('P5 a denied action', () => {
  it('says to staff which permission is missing, who has it, and who can give it', () => {
    const said = lackOf(staff('agent'), 'people.invite');
    expect(said).toBe(
      'You may not do this. It takes the right to invite people (people.invite). These roles have it: owner, admin. An owner or an admin can change your role.',
    );
    expect(lackOf(staff('agent'), 'conversation.close')).toContain('some of them not everywhere');
    expect(lackOf(staff('owner'), 'conversation.rate')).toContain('No role has it');
    expect(lackOf(visitor, 'conversation.claim')).toBeUndefined();
  });
});
