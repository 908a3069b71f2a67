import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../protocol/ids.ts';
import { type Action, actions, builtInRoles, type Grants, permissions } from '../protocol/permissions.ts';
import { type Reach } from '../protocol/reach.ts';
import { builtIn as roles, type BuiltInRole as Role, covers } from '../protocol/roles.ts';
import { lackOf, may, mayHold, reachOf, type Staff, type Visitor } from './permission.ts';

const team = newId('team');
const site = newId('site');
const visitor: Visitor = { kind: 'visitor', id: newId('visitor'), site };
const stranger: Visitor = { kind: 'visitor', id: newId('visitor'), site };
const staff = (role: Role, teams = [team]): Staff => ({
  kind: 'staff',
  id: newId('person'),
  session: newId('session'),
  role,
  grants: null,
  teams,
});
const grantable = actions.filter((action) => permissions[action].reaches.length > 0);
/** A set of permissions, each with a reach that it can have. */
const anyGrants = fc.record(
  Object.fromEntries(
    grantable.map((action) => [
      action,
      fc.constantFrom(...(permissions[action].reaches as readonly Reach[])),
    ]),
  ),
  { requiredKeys: [] },
) as fc.Arbitrary<Grants>;
const conversationOf = (assignee: Staff | null) => ({
  team,
  site,
  visitor: visitor.id,
  person: assignee?.id ?? null,
});

/** What each role may do to a conversation of its own team that somebody else, or nobody, has claimed. */
const ownTeamTable: Record<string, Role[]> = {
  'conversation.list': ['owner', 'admin', 'supervisor', 'agent', 'auditor', 'privacyOfficer'],
  'conversation.read': ['owner', 'admin', 'supervisor', 'agent', 'auditor', 'privacyOfficer'],
  'conversation.watch': ['owner', 'admin', 'supervisor'],
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
  'conversation.hold': ['owner', 'admin', 'privacyOfficer'],
  'file.send': [],
  'file.open': ['owner', 'admin', 'supervisor', 'agent', 'privacyOfficer'],
  'file.release': ['owner', 'admin'],
  'customer.address': ['owner', 'admin', 'supervisor', 'agent', 'privacyOfficer'],
  'customer.change': ['owner', 'admin', 'supervisor', 'privacyOfficer'],
  'customer.copy': ['owner', 'admin', 'privacyOfficer'],
  'privacy.answer': ['owner', 'admin', 'privacyOfficer'],
  'message.delete': [],
  'message.redact': ['owner', 'admin', 'supervisor', 'privacyOfficer'],
  'visitor.list': ['owner', 'admin', 'supervisor', 'auditor', 'privacyOfficer'],
  'visitor.ban': ['owner', 'admin', 'supervisor'],
  'inbox.rebuild': ['owner', 'admin'],
  'replies.list': ['owner', 'admin', 'supervisor', 'agent', 'auditor', 'privacyOfficer'],
  'replies.change': ['owner', 'admin', 'supervisor'],
  'people.list': ['owner', 'admin', 'supervisor', 'auditor', 'privacyOfficer'],
  'people.invite': ['owner', 'admin'],
  'people.change': ['owner', 'admin'],
  'people.endSessions': ['owner', 'admin'],
  'people.reset': ['owner', 'admin'],
  'owners.appoint': ['owner'],
  'owners.makeKey': ['owner'],
  'roles.change': ['owner', 'admin'],
  'teams.list': ['owner', 'admin', 'supervisor', 'agent', 'auditor', 'privacyOfficer'],
  'teams.create': ['owner', 'admin'],
  'teams.change': ['owner', 'admin'],
  'sites.list': ['owner', 'admin', 'supervisor', 'agent', 'auditor', 'privacyOfficer'],
  'sites.create': ['owner', 'admin'],
  'sites.change': ['owner', 'admin'],
  'organisation.change': ['owner', 'admin'],
  'keys.rotate': ['owner', 'admin'],
  'backup.begin': ['owner', 'admin'],
  'backup.putBack': ['owner', 'admin'],
  'privacy.see': ['owner', 'admin', 'auditor', 'privacyOfficer'],
  'privacy.change': ['owner'],
  'training.see': ['owner', 'admin', 'supervisor', 'auditor', 'privacyOfficer'],
  'training.assign': ['owner', 'admin'],
  'checks.see': ['owner', 'admin', 'auditor', 'privacyOfficer'],
  'checks.run': ['owner', 'admin'],
  'live.see': ['owner', 'admin', 'supervisor'],
  'alarms.read': ['owner', 'admin', 'supervisor', 'auditor', 'privacyOfficer'],
  'alarms.answer': ['owner', 'admin', 'supervisor'],
  'incident.see': ['owner', 'admin', 'supervisor', 'auditor', 'privacyOfficer'],
  'incident.declare': ['owner', 'admin', 'supervisor', 'privacyOfficer'],
  'incident.lead': ['owner', 'admin'],
  'incident.contain': ['owner', 'admin'],
  'ledger.read': ['owner', 'admin', 'auditor', 'privacyOfficer'],
  'ledger.export': ['owner', 'admin', 'auditor', 'privacyOfficer'],
};

describe('P1 the permission rule', () => {
  it('has a line in this table for every action', () => {
    expect(Object.keys(ownTeamTable).sort()).toEqual([...actions].sort());
  });

  it.each(Object.entries(ownTeamTable))('%s in the own team is for %j', (action, allowed) => {
    const granted = roles.filter((role) => may(staff(role), action as Action, conversationOf(null)));
    expect(granted).toEqual(allowed);
  });

  it('lets whoever claimed a conversation answer and close it, but those never who only watch', () => {
    for (const role of roles) {
      const claimer = staff(role);
      const answers = role !== 'auditor' && role !== 'privacyOfficer';
      expect(may(claimer, 'conversation.post', conversationOf(claimer))).toBe(answers);
      expect(may(claimer, 'conversation.close', conversationOf(claimer))).toBe(answers);
    }
  });
});

describe('D60 what is restricted', () => {
  const restricted = { ...conversationOf(null), restricted: true };

  it('D60 is for whoever answers what customers ask, to be read, corrected and held, and for its customer', () => {
    const left = actions.filter((action) => may(staff('admin'), action, restricted));
    expect(left.toSorted()).toEqual(
      [
        'conversation.hold',
        'conversation.read',
        'customer.address',
        'customer.change',
        'file.open',
      ].toSorted(),
    );
    expect(may(visitor, 'conversation.read', restricted)).toBe(true);
    expect(may(stranger, 'conversation.read', restricted)).toBe(false);
  });

  it('D60 lets nobody do more than they could without', () => {
    fc.assert(
      fc.property(anyGrants, fc.constantFrom(...grantable), (grants, action) => {
        const asker: Staff = { ...staff('agent'), grants };
        const isOpen = may(asker, action, restricted);
        if (grants['privacy.answer'] === undefined) expect(isOpen).toBe(false);
        if (isOpen) expect(may(asker, action, conversationOf(null))).toBe(true);
      }),
    );
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

describe('P3 who stands above whom', () => {
  it('nobody gives or touches a role that lets do more than their own', () => {
    const invites = (asker: Role, role: Role) =>
      may(staff(asker), 'people.invite', { grants: builtInRoles[role] });
    expect(roles.filter((role) => invites('owner', role))).toEqual([...roles]);
    expect(roles.filter((role) => invites('admin', role))).toEqual(roles.filter((role) => role !== 'owner'));
    expect(roles.filter((role) => invites('supervisor', role))).toEqual([]);
  });

  it('is an order: everybody covers themselves, and whoever covers what covers another covers that too', () => {
    fc.assert(fc.property(anyGrants, (one) => covers(one, one) && covers(one, {})));
    fc.assert(
      fc.property(anyGrants, anyGrants, anyGrants, (one, two, three) => {
        if (covers(one, two) && covers(two, three)) expect(covers(one, three)).toBe(true);
      }),
    );
  });

  it('one permission more, or one that reaches further, is above', () => {
    fc.assert(
      fc.property(anyGrants, fc.constantFrom(...grantable), (grants, action) => {
        const without = Object.fromEntries(Object.entries(grants).filter(([name]) => name !== action));
        const [widest, ...narrower] = permissions[action].reaches as readonly Reach[];
        const wide = { ...without, [action]: widest };
        expect(covers(without, wide)).toBe(false);
        for (const reach of narrower) expect(covers({ ...without, [action]: reach }, wide)).toBe(false);
        expect(covers(wide, without)).toBe(true);
      }),
    );
  });
});

describe('P3 P8 a role that covers another', () => {
  const self = newId('person');
  /** Every way in which a conversation can lie to somebody. */
  const conversations = [team, newId('team')].flatMap((where) =>
    [self, newId('person'), null].flatMap((person) =>
      [true, false].map((waiting) => ({ team: where, person, waiting })),
    ),
  );
  const as = (grants: Grants): Staff => ({ ...staff('agent'), id: self, role: newId('role'), grants });
  /** What can reach only what one has is done to a conversation, which has to be read. */
  const isActed = (action: Action) => permissions[action].reaches.some((reach) => reach === 'own');
  /** Two roles of which the one may cover the other: each permission reaches as far, less far, or is not there. */
  const pairs = fc
    .tuple(anyGrants, fc.array(fc.nat(4), { minLength: 50, maxLength: 50 }))
    .map(([one, steps]) => {
      const fewer = grantable.flatMap((action, n) => {
        const wide = one[action];
        const order = permissions[action].reaches as readonly Reach[];
        const reach = wide && order[order.indexOf(wide) + (steps[n] ?? 0)];
        return reach === undefined ? [] : [[action, reach] as const];
      });
      return { one, other: Object.fromEntries(fewer) };
    });

  it('lets do whatever that one lets do, to every conversation, wherever it lies and whoever has it', () => {
    let covered = 0;
    fc.assert(
      fc.property(pairs, ({ one, other }) => {
        if (!covers(one, other)) return;
        covered++;
        const [above, below] = [as(one), as(other)];
        const does = (action: Action, thing: (typeof conversations)[number]) =>
          may(below, action, thing) && (!isActed(action) || may(below, 'conversation.read', thing));
        const beyond = grantable.flatMap((action) =>
          conversations
            .filter((thing) => does(action, thing) && !may(above, action, thing))
            .map((thing) => [action, thing]),
        );
        expect(beyond).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(covered).toBeGreaterThan(0);
  });

  it('is not one that reaches a team alone, where the other reaches what one has everywhere', () => {
    const read = { 'conversation.read': 'all' } as const;
    const [lead, roaming] = [
      { ...read, 'conversation.close': 'team' },
      { ...read, 'conversation.close': 'own' },
    ] as const;
    expect(covers(lead, roaming)).toBe(false);
    expect(covers(lead, { ...roaming, 'conversation.read': 'team' })).toBe(true);
    expect(covers(builtInRoles.supervisor, builtInRoles.agent)).toBe(true);
  });
});

describe('P6 a role of the organisation', () => {
  const custom = (grants: Grants, teams = [team]): Staff => ({
    ...staff('agent', teams),
    role: newId('role'),
    grants,
  });

  it('lets do what it names and nothing else, and one that was removed lets do nothing', () => {
    fc.assert(
      fc.property(anyGrants, fc.constantFrom(...actions), (grants, action) => {
        expect(may(custom(grants), action, {})).toBe(grants[action] === 'all');
      }),
    );
    const removed: Staff = { ...staff('agent'), role: newId('role'), grants: null };
    for (const action of actions) expect(may(removed, action, conversationOf(removed))).toBe(false);
  });

  it('a built-in role lets do what it is built in for, whatever is said of its grants', () => {
    const forged: Staff = { ...staff('agent'), grants: builtInRoles.owner };
    expect(may(forged, 'people.invite')).toBe(false);
  });

  it('can be narrowed to what one has and what waits in one’s teams', () => {
    const narrow = custom({ 'conversation.read': 'waiting', 'conversation.claim': 'team' });
    const read = (thing: object) => may(narrow, 'conversation.read', { ...conversationOf(null), ...thing });
    expect(read({ waiting: true })).toBe(true);
    expect(read({ waiting: false, person: narrow.id })).toBe(true);
    expect(read({ waiting: false, person: newId('person') })).toBe(false);
    for (const team of [newId('team'), undefined])
      for (const person of [narrow.id, null]) expect(read({ waiting: true, team, person })).toBe(false);
    expect(mayHold(narrow, team)).toBe(true);
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
      'file.send',
      'file.open',
      'customer.copy',
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
    for (const action of actions) {
      expect(may(visitor, action, {})).toBe(false);
      for (const role of roles) {
        const grants: Grants = builtInRoles[role];
        expect(may(staff(role, []), action, {})).toBe(grants[action] === 'all');
      }
    }
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

describe('E5 what a lesson stands before', () => {
  it('E5 is closed to whoever has not taken it, whatever their role, and nothing else is', () => {
    for (const role of roles) {
      const open = staff(role);
      const barred: Staff = { ...open, closed: ['conversations'] };
      for (const action of actions) {
        const expected = !/^(?:conversation|file|message|customer)[.]/.test(action);
        expect([action, may(barred, action, conversationOf(barred))]).toEqual([
          action,
          expected && may(open, action, conversationOf(open)),
        ]);
        if (!expected) expect(reachOf(barred, action)).toBeUndefined();
      }
    }
  });

  it('E5 of sensitive files alone leaves every other file', () => {
    const barred: Staff = { ...staff('agent'), closed: ['sensitiveFiles'] };
    const file = conversationOf(null);
    expect(may(barred, 'file.open', file)).toBe(true);
    expect(may(barred, 'file.open', { ...file, sensitive: true })).toBe(false);
    expect(may(staff('agent'), 'file.open', { ...file, sensitive: true })).toBe(true);
    expect(lackOf(barred, 'file.open', { sensitive: true })).toContain('A lesson stands before it');
    expect(lackOf(barred, 'file.open')).not.toContain('lesson');
    // Taken along with everything, a sensitive file is one still.
    const officer: Staff = { ...staff('owner'), closed: ['sensitiveFiles'] };
    expect([may(staff('owner'), 'customer.copy'), may(officer, 'customer.copy')]).toEqual([true, false]);
  });

  it('E5 never keeps anybody from settings, nor from giving what they have', () => {
    const barred: Staff = { ...staff('owner'), closed: ['conversations', 'sensitiveFiles'] };
    for (const action of ['training.assign', 'people.change', 'roles.change', 'organisation.change'] as const)
      expect(may(barred, action, { grants: builtInRoles.owner })).toBe(true);
  });

  it('E5 does not touch customers', () => {
    expect(
      may({ ...visitor, closed: ['conversations'] } as Visitor, 'conversation.read', conversationOf(null)),
    ).toBe(true);
  });
});
