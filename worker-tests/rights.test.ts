import { expect, test } from 'vitest';
import { may as mayHere, type Right, rights } from '../src/browser/dashboard/rights.ts';
import { type Action, may, permissions, type Staff } from '../src/people/permission.ts';
import { roles } from '../src/protocol/roles.ts';
import { newId } from '../src/protocol/ids.ts';

// The dashboard offers what the server would do, and nothing else: two tables, one answer.

const [me, other] = [newId('person'), newId('person')];
const [ours, theirs] = [newId('team'), newId('team')];

test('P1 the dashboard offers to everybody exactly what the rule grants', () => {
  for (const right of Object.keys(rights) as Right[]) {
    // A right that the rule does not know would be offered in vain.
    const action: Action = right;
    expect(Object.hasOwn(permissions, action)).toBe(true);
    for (const role of roles) {
      const staff: Staff = { kind: 'staff', id: me, session: newId('session'), role, teams: [ours] };
      for (const team of [undefined, ours, theirs])
        for (const person of [undefined, null, me, other]) {
          const thing = {
            ...(team === undefined ? {} : { team }),
            ...(person === undefined ? {} : { person }),
          };
          expect([right, role, mayHere({ id: me, role, teams: [ours] }, right, thing)]).toEqual([
            right,
            role,
            may(staff, action, thing),
          ]);
        }
    }
  }
});
