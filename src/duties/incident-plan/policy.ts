/** The policy for incidents: each version is kept, sealed, and counts once it was approved in each role that approves it. */
import { type Env, vaultOf } from '../../config.ts';
import type { PersonId } from '../../protocol/ids.ts';
import { approvingRoles, type PolicyVersion } from '../../protocol/incidents.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { bind } from '../../vault.ts';
import { isApproved } from './rules.ts';
import { firstPolicy } from './first-policy.ts';
import { rolesOf } from './roles.ts';
import { PlanStore } from './store.ts';

export const policyPlace = (version: string) => bind('sotto/incident-policy/1', [version]);

/** The newest first; where nobody has saved any, the text that comes with Sotto. */
export async function policyOf(env: Env): Promise<PolicyVersion[]> {
  const store = new PlanStore(env.DB);
  const rows = await store.policies();
  if (rows.length === 0)
    return [{ version: 0, text: firstPolicy, by: null, at: null, approvals: [], isApproved: false }];
  const all = await store.approvals();
  const vault = await vaultOf(env);
  return Promise.all(
    rows.map(async ({ version, text, by, at }) => {
      const opened = await vault.openPepper(policyPlace(String(version)), text);
      const approvals = all
        .filter((each) => each.version === version)
        .map(({ role, person, at }) => ({ role, person, at }));
      return {
        version,
        text: new TextDecoder().decode(opened),
        by,
        at,
        approvals,
        isApproved: isApproved(approvals),
      };
    }),
  );
}

/** Saves another version, which nobody has approved yet. @throws {Refusal} stale: somebody else has saved one */
export async function savePolicy(
  env: Env,
  by: PersonId,
  { version: seen, text }: { version: number; text: string },
  now: number,
): Promise<number> {
  const store = new PlanStore(env.DB);
  if ((await store.newest()) !== seen) throw new Refusal('stale');
  const version = seen + 1;
  const vault = await vaultOf(env);
  const sealed = await vault.sealPepper(policyPlace(String(version)), new TextEncoder().encode(text));
  if (!(await store.addPolicy({ version, text: sealed, by, at: now }))) throw new Refusal('stale');
  return version;
}

/** Somebody approves it in each role that they have, or are the deputy of. @throws {Refusal} not_allowed, stale, already_done */
export async function approvePolicy(env: Env, by: PersonId, version: number, now: number): Promise<void> {
  const roles = await rolesOf(env);
  const theirs = approvingRoles.filter((role) =>
    [roles[role].first, roles[role].deputy].some((place) => place?.person === by),
  );
  if (theirs.length === 0)
    throw new Refusal(
      'not_allowed',
      'It is approved by whoever leads in an incident, and whoever sees to privacy.',
    );
  const store = new PlanStore(env.DB);
  if (version === 0 || (await store.newest()) !== version) throw new Refusal('stale');
  if (!(await store.approve(version, theirs, by, now))) throw new Refusal('already_done');
}
