/** The roles that are built in, and who stands above whom. */
import * as v from 'valibot';

export const roles = ['owner', 'admin', 'supervisor', 'agent', 'auditor'] as const;
export type Role = (typeof roles)[number];
export const roleSchema = v.picklist(roles);

const rank: Record<Role, number> = { owner: 4, admin: 3, supervisor: 2, agent: 1, auditor: 1 };

/** Nobody gives a role above their own, or acts on somebody who has one (rule P3). */
export function standsAtLeast(own: Role, other: Role): boolean {
  return rank[own] >= rank[other];
}
