/**
 * Telling whoever has a role that an incident was declared, and other systems. What it is about stands behind the sign-in: a
 * mail names its kind and how grave it is.
 */
import { configOf, type Env } from '../../config.ts';
import { logFault } from '../../log.ts';
import { mailIncident } from '../../people/mail.ts';
import { StaffDirectory } from '../../people/staff.ts';
import { incidentKinds, severities } from '../../protocol/incidents.ts';
import { watchOf } from '../alarms.ts';
import { everybodyIn, rolesOf } from '../incident-plan.ts';
import type { IncidentRow } from './store.ts';

/** Whoever can't be told is told by the others: it is declared all the same. A drill is told nobody outside. */
export async function tellDeclared(env: Env, row: IncidentRow): Promise<void> {
  const address = `${configOf(env).origin}/#/settings/incidents/${row.id}`;
  const tellings = [
    mailRoles(env, row, address),
    ...(row.origin === 'drill' ? [] : [tellOthers(env, row, address)]),
  ];
  for (const told of await Promise.allSettled(tellings))
    if (told.status === 'rejected') logFault('incidents.tell', told.reason);
}

async function mailRoles(env: Env, { kind, severity, origin }: IncidentRow, address: string): Promise<void> {
  const people = everybodyIn(await rolesOf(env));
  const members = people.length === 0 ? [] : await new StaffDirectory(env).list(people);
  const what = {
    kind: incidentKinds[kind],
    severity: severities[severity].name,
    isDrill: origin === 'drill',
    address,
  };
  const mails = members
    .filter(({ row }) => row.state === 'active')
    .map(async (member) => mailIncident(env, await member.address(), what));
  for (const mail of await Promise.allSettled(mails))
    if (mail.status === 'rejected') logFault('mail.incident', mail.reason);
}

async function tellOthers(env: Env, row: IncidentRow, address: string): Promise<void> {
  const { id: incident, kind, severity, declaredAt } = row;
  const data = { incident, kind, severity, title: incidentKinds[kind], address };
  await watchOf(env).tell(incident, {
    type: 'incident.declared',
    timestamp: new Date(declaredAt).toISOString(),
    data,
  });
}
