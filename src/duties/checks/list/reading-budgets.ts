import { budgetOf, organisationOf } from '../../../people/organisation.ts';
import { limits } from '../../../protocol/limits.ts';
import { builtIn, type Role } from '../../../protocol/roles.ts';
import { type Check, failed, passed } from '../check.ts';

/** Twice of what an hour of work takes. */
const mostTalks = 2 * limits.conversationsPerHour;
const mostFiles = 2 * limits.filesPerHour;

export const readingBudgets: Check = {
  id: 'reading-budgets',
  group: 'people',
  title: 'A stolen account reads little',
  measures: `Whether any role opens more than ${mostTalks} conversations or ${mostFiles} files an hour without a second factor.`,
  why: 'The budget is what bounds how much a thief takes along before somebody looks.',
  answers: {
    asvs: ['2.3.2', '2.4.1', '8.2.4'],
    csf: ['PR.AA-05', 'DE.CM-03'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.312(a)(1)'],
    cis: ['6.8'],
  },
  fix: { how: 'Lower the budget of the role.', place: 'organisation' },
  async run({ env }) {
    const settings = await organisationOf(env, 'now');
    const roles = new Set<Role>([
      ...builtIn,
      ...(Object.keys(settings.budgets) as Role[]),
      ...(Object.keys(settings.fileBudgets) as Role[]),
    ]);
    const wide = [...roles].filter(
      (role) =>
        budgetOf(settings, 'conversation', role) > mostTalks || budgetOf(settings, 'file', role) > mostFiles,
    );
    const found = { roles: roles.size, wide };
    return wide.length === 0
      ? passed('Every role is asked for a second factor before it reads much.', found)
      : failed(`Roles with a budget that bounds little: ${wide.join(', ')}.`, found);
  },
};
