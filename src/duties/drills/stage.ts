/** The stage: a team, a site, somebody who is played, and customers who have written, all of them marked and nobody real. */
import { createSite, siteOf } from '../../chat/sites.ts';
import { heldRole } from '../../people/roles.ts';
import { StaffDirectory } from '../../people/staff.ts';
import { createTeam, teamExists } from '../../people/teams.ts';
import { newId, type ConversationId, type VisitorId } from '../../protocol/ids.ts';
import { customerToken, signIn, told } from './intruder.ts';
import { type Playing, Unplayable } from './scenario.ts';

/** What a name begins with that is a drill's. */
const mark = 'DRILL';
const madeAtOnce = 10;

/** Done again, it goes on where it was cut off. @returns whether all of it is there */
export async function setStage(playing: Playing, conversations: number): Promise<boolean> {
  const { store, drill } = playing;
  await makePlace(playing);
  await makePerson(playing);
  const made = await store.things(drill.id, 'con');
  const missing = Math.min(madeAtOnce, conversations - made.length);
  if (missing > 0) await makeCustomers(playing, missing);
  return made.length + missing >= conversations;
}

async function makePlace({ env, drill }: Playing): Promise<void> {
  const { team, site } = drill;
  if (!(await teamExists(env, team))) await createTeam(env, `${mark}: team`, team);
  if ((await siteOf(env, site)) === undefined)
    await createSite(env, { name: `${mark}: site`, team, origins: [] }, site);
}

/** With no password and no factor, and an address to which nothing can be mailed. */
async function makePerson(playing: Playing): Promise<void> {
  const { env, drill } = playing;
  const directory = new StaffDirectory(env);
  if ((await directory.byId(drill.person)) === undefined) {
    const role = await heldRole(env, 'agent');
    if (role === undefined) throw new Unplayable('notPlayed');
    const address = `${drill.id.toLowerCase()}@drill.invalid`;
    const person = {
      ...role,
      name: `${mark}: agent`,
      address,
      teams: [drill.team],
      state: 'active' as const,
    };
    await directory.add(person, undefined, (row) => directory.store.add(row), drill.person);
  }
  if (drill.session === null) await signIn(playing);
}

/** Whom there will be is kept first, so that what they have written is found again wherever this is cut off. */
async function makeCustomers(playing: Playing, count: number): Promise<void> {
  const { store, drill } = playing;
  const visitors = await Promise.all(
    Array.from({ length: count }, async () => {
      const path = `/sites/${drill.site}/visitor`;
      const { visitor } = await told<{ visitor: { id: VisitorId } }>(playing, 'POST', path, { body: {} });
      return visitor.id;
    }),
  );
  await store.addThings(drill.id, visitors);
  const begun = await Promise.all(
    visitors.map(async (visitor) => {
      const body = {
        id: crypto.randomUUID(),
        text: `${mark}. Nobody has written this, and nobody need answer.`,
      };
      const token = await customerToken(playing, visitor);
      const { conversation } = await told<{ conversation: { id: ConversationId } }>(
        ...([playing, 'POST', '/conversations', { token, body }] as const),
      );
      return conversation.id;
    }),
  );
  await store.addThings(drill.id, begun);
}

export function newStage() {
  return { team: newId('team'), site: newId('site'), person: newId('person') };
}
