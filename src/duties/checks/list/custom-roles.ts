import { listRoles } from '../../../people/roles.ts';
import { type Check, counted, failed, named, passed } from '../check.ts';
import { Facts } from '../facts.ts';
import { beyondBuiltIn, powerful } from '../holding.ts';

export const customRoles: Check = {
  id: 'custom-roles',
  group: 'people',
  title: 'Roles of your own hold no more than they need',
  measures:
    'Whether a role that you made holds powerful rights together as none of the lesser built-in roles does, or is held by nobody.',
  why: 'Rights gather in roles that were made for one occasion. A role that nobody has is given by mistake.',
  answers: {
    asvs: ['8.1.1', '8.2.1'],
    csf: ['PR.AA-05'],
    gdpr: ['Art. 25(2)'],
    hipaa: ['164.308(a)(4)(ii)(C)'],
    cis: ['6.8'],
  },
  fix: { how: 'Take rights out of the role, or remove it.', place: 'roles' },
  async run({ env }) {
    const roles = await listRoles(env);
    if (roles.length === 0) return passed('There are no roles but those that are built in.', { roles: 0 });
    const held = await new Facts(env.DB).rolesHeld();
    const wide = roles.filter(
      ({ grants }) => beyondBuiltIn(grants) && powerful.some((action) => grants[action] === 'all'),
    );
    const unused = roles.filter(({ id }) => !held.has(id));
    const found = {
      roles: roles.length,
      wide: named(wide.map(({ id }) => id)),
      unused: named(unused.map(({ id }) => id)),
    };
    if (wide.length + unused.length === 0)
      return passed(`${counted(roles.length, 'role')} of your own, none wider than it should be.`, found);
    return failed(
      `${counted(wide.length, 'role')} with powerful rights beyond the lesser built-in ones, ${unused.length} held by nobody.`,
      found,
    );
  },
};
