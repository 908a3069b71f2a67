/** Once a quarter whoever has a role in incidents is reminded of what was not played for as long. */
import { configOf, type Env } from '../../config.ts';
import { logFault } from '../../log.ts';
import { mailDrills } from '../../people/mail.ts';
import { may } from '../../people/permission.ts';
import { StaffDirectory } from '../../people/staff.ts';
import { drillScenarioNames } from '../../protocol/drills.ts';
import { everybodyIn, rolesOf } from '../incident-plan.ts';
import { playedSince } from '../played.ts';

const day = 86_400_000;

/** On the first night of each quarter. Where nobody has a role, it is whoever may play one. */
export async function remindOfDrills(env: Env, now: number): Promise<void> {
  const today = new Date(now);
  if (today.getUTCDate() !== 1 || today.getUTCMonth() % 3 !== 0) return;
  const played = await playedSince(env, now - 90 * day);
  const due = drillScenarioNames.filter((scenario) => !played.has(scenario)).length;
  if (due === 0) return;
  const address = `${configOf(env).origin}/#/settings/incidents/drills`;
  const mails = (await toldOf(env)).map(async (member) =>
    mailDrills(env, await member.address(), { due, address }),
  );
  for (const mail of await Promise.allSettled(mails))
    if (mail.status === 'rejected') logFault('mail.drills', mail.reason);
}

async function toldOf(env: Env) {
  const everybody = await new StaffDirectory(env).list();
  const active = everybody.filter(({ row }) => row.state === 'active');
  const roles = new Set(everybodyIn(await rolesOf(env)));
  const those = active.filter(({ id }) => roles.has(id));
  return those.length > 0
    ? those
    : active.filter(({ row }) => may({ ...row, kind: 'staff' }, 'incident.lead'));
}
