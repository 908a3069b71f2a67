/** The plan for incidents: the door to the policy, to who does what and how they are reached, and to the runbooks. */
export { policyOf, policyPlace } from './incident-plan/policy.ts';
export { contactPlace, peopleOfPlan, requireAble, rolesOf } from './incident-plan/roles.ts';
export { everybodyIn } from './incident-plan/rules.ts';
export { runbooks } from './incident-plan/runbooks.ts';
