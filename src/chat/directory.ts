/** The directory of conversations in D1: where each stands, with no word of what was said. */
import type { Env } from '../config.ts';
import type { ConversationId, FileId, SiteId, TeamId, VisitorId } from '../protocol/ids.ts';
import { type Asker, may, reachOf, type Staff } from '../people/permission.ts';
import type { SeenVisitor, VisitorsQuery } from '../protocol/visitors.ts';
import { inboxOf } from './inbox.ts';
import {
  type DirectoryRow,
  DirectoryStore,
  type Line,
  type Listed,
  type Restricting,
} from './directory/store.ts';

export type { Restricting } from './directory/store.ts';

/**
 * Writes a conversation's line; an older version than the one there is ignored.
 * @param correcting whether it is written whatever stands there: a conversation that was restored has gone back
 */
export async function writeToDirectory(env: Env, row: DirectoryRow, correcting = false): Promise<void> {
  await new DirectoryStore(env.DB).write(row, correcting);
}

/** A visitor's conversations on one site, newest first. */
export async function conversationsOfVisitor(env: Env, visitor: VisitorId, site: SiteId): Promise<Listed[]> {
  const placed = await new DirectoryStore(env.DB).ofVisitor(visitor, site);
  return placed.map(({ id, state, startedAt }) => ({ id, state, startedAt }));
}

/** The newest conversations that a member of staff may list. */
export async function conversationsForStaff(env: Env, staff: Staff): Promise<Listed[]> {
  const store = new DirectoryStore(env.DB);
  const isOfficer = may(staff, 'privacy.answer');
  switch (reachOf(staff, 'conversation.list')) {
    case 'all':
      return store.newest(isOfficer);
    case 'team':
      return store.ofTeams(staff.teams, isOfficer);
    case 'waiting':
      return store.ownAndWaiting(staff.id, staff.teams, isOfficer);
    // No role can have that much less.
    case 'own':
    case undefined:
      return [];
  }
}

/** The same visitor's other conversations on the same site, newest first: those that this asker may read. */
export async function earlierConversations(
  env: Env,
  asker: Asker,
  { id, visitor, site }: { id: ConversationId; visitor: VisitorId; site: SiteId },
): Promise<Listed[]> {
  const placed = await new DirectoryStore(env.DB).ofVisitor(visitor, site);
  return placed
    .filter(({ team, person, restricted, ...other }) => {
      const thing = { visitor, site, team, person, restricted, waiting: other.state === 'waiting' };
      return other.id !== id && may(asker, 'conversation.read', thing);
    })
    .map(({ id, state, startedAt }) => ({ id, state, startedAt }));
}

/**
 * A team's conversations after this one, in the order of their ids: those that are open, or were closed since then.
 * Where each stands is its own to say.
 */
export async function conversationsOfTeam(
  env: Env,
  team: TeamId,
  { after, closedSince, limit }: { after: ConversationId | null; closedSince: number; limit: number },
): Promise<ConversationId[]> {
  return new DirectoryStore(env.DB).idsOfTeam(team, after ?? '', closedSince, limit);
}

/** Where one of a visitor's conversations stands among all of theirs. */
export type ConversationPlace = { startedAt: number; id: ConversationId };

/** The first that a visitor began after this one, no later than then; undefined: there are no more. */
export function conversationAfter(
  env: Env,
  visitor: VisitorId,
  after: ConversationPlace | null,
  until: number,
): Promise<ConversationPlace | undefined> {
  return new DirectoryStore(env.DB).ofVisitorAfter(visitor, after ?? { startedAt: 0, id: '' }, until);
}

/** The one site of a visitor, if they have written there. */
export function siteOfVisitor(env: Env, visitor: VisitorId): Promise<SiteId | undefined> {
  return new DirectoryStore(env.DB).siteOfVisitor(visitor);
}

/** A visitor's conversations, those first in which something went on last. */
export async function newestOfVisitor(env: Env, visitor: VisitorId, most: number): Promise<ConversationId[]> {
  return new DirectoryStore(env.DB).newestOfVisitor(visitor, most);
}

/** A page of those that a visitor began until then, in the order of their ids, behind this one. */
export function conversationsBegunBy(
  env: Env,
  visitor: VisitorId,
  until: number,
  after: string,
  page: number,
): Promise<ConversationId[]> {
  return new DirectoryStore(env.DB).idsBegunBy(visitor, until, after, page);
}

/** When a visitor began the last of their conversations until then; 0: they have none. */
export function lastBegunBy(env: Env, visitor: VisitorId, until: number): Promise<number> {
  return new DirectoryStore(env.DB).lastBegunBy(visitor, until);
}

/** Every conversation that is open or was closed since then, of one site or of all, a page at a time. */
export async function* conversationsSince(
  env: Env,
  closedSince: number,
  page: number,
  site: SiteId | null = null,
): AsyncGenerator<ConversationId[]> {
  const store = new DirectoryStore(env.DB);
  for (let after = ''; ;) {
    const ids = await store.idsSince(closedSince, after, page, site);
    if (ids.length > 0) yield ids;
    const last = ids.at(-1);
    if (last === undefined || ids.length < page) return;
    after = last;
  }
}

/** A page of all conversations in the order of their ids, behind this one. */
export function conversationsAfter(env: Env, after: string, page: number): Promise<ConversationId[]> {
  return new DirectoryStore(env.DB).idsSince(0, after, page, null);
}

/** Whether there is such a conversation, as far as the directory was told. */
export async function isConversation(env: Env, id: ConversationId): Promise<boolean> {
  return (await new DirectoryStore(env.DB).teamOf(id)) !== undefined;
}

/**
 * A page of a site's conversations of which nothing was told since then and which neither a legal hold nor a restriction
 * keeps, in the order of their ids, behind this one.
 */
export function conversationsBefore(
  env: Env,
  site: SiteId,
  changedBefore: number,
  after: string,
  page: number,
): Promise<ConversationId[]> {
  return new DirectoryStore(env.DB).idsBefore(site, changedBefore, after, page);
}

export function countConversationsBefore(env: Env, site: SiteId, changedBefore: number): Promise<number> {
  return new DirectoryStore(env.DB).countBefore(site, changedBefore);
}

/** A page of those with a file that was over before then, which nothing keeps, in the order of their ids, behind this one. */
export function conversationsWithFilesDue(
  env: Env,
  before: number,
  after: string,
  page: number,
): Promise<ConversationId[]> {
  return new DirectoryStore(env.DB).idsWithFilesDue(before, after, page);
}

/** A page of those whose line does not say yet whether they are held, in the order of their ids, behind this one. */
export function conversationsNotSaying(env: Env, after: string, page: number): Promise<ConversationId[]> {
  return new DirectoryStore(env.DB).idsNotSaying(after, page);
}

/** Some of a visitor's conversations that are held, as far as the directory was told. */
export function heldOfVisitor(env: Env, visitor: VisitorId, most: number): Promise<ConversationId[]> {
  return new DirectoryStore(env.DB).heldOfVisitor(visitor, most);
}

/** Those of these visitors, some hundred at once, who have a conversation under a legal hold, as far as the directory was told. */
export async function heldAmong(env: Env, visitors: readonly VisitorId[]): Promise<Set<VisitorId>> {
  return new Set(await new DirectoryStore(env.DB).heldAmong(visitors));
}

/**
 * Nothing is left of a conversation but that it was erased.
 * @param isOver whether its time was over, or somebody asked for it
 */
export async function eraseFromDirectory(
  env: Env,
  id: ConversationId,
  isOver: boolean,
  now: number,
): Promise<void> {
  const store = new DirectoryStore(env.DB);
  const team = await store.teamOf(id);
  if (team !== undefined) await inboxOf(env, team).forget(id);
  await store.erase(id, isOver, now);
}

/** The register has a file whose time was over. Told again it changes nothing. */
export async function registerFileOver(env: Env, id: FileId, site: SiteId, now: number): Promise<void> {
  await new DirectoryStore(env.DB).registerFile(id, site, now);
}

/** What the register says of the customers of these, where it makes them restricted. */
export async function restrictionsOf(
  env: Env,
  ids: readonly ConversationId[],
): Promise<Map<ConversationId, Restricting>> {
  const rows = await new DirectoryStore(env.DB).restrictionsOf(ids);
  return new Map(rows.map(({ id, ...restriction }) => [id, restriction]));
}

/** Where these stand, as far as the directory was told. */
export function linesOf(env: Env, ids: readonly ConversationId[]): Promise<Line[]> {
  return new DirectoryStore(env.DB).linesOf(ids);
}

/** These have not come back from a backup. */
export async function dropFromDirectory(env: Env, ids: readonly ConversationId[]): Promise<void> {
  if (ids.length > 0) await new DirectoryStore(env.DB).drop(ids);
}

/** The register of what was erased has this visitor too. What is told of them later, from before, is erased by itself. */
export async function registerErased(env: Env, visitor: VisitorId, now: number): Promise<void> {
  await new DirectoryStore(env.DB).register(visitor, now);
}

/** When this conversation or visitor was erased; undefined: the register has them not. */
export function erasedAt(env: Env, id: ConversationId | VisitorId): Promise<number | undefined> {
  return new DirectoryStore(env.DB).erasedAt(id);
}

/** Conversations that came to light after their visitor was erased, and were begun before. */
export async function conversationsOfErased(
  env: Env,
  most: number,
): Promise<{ id: ConversationId; visitor: VisitorId }[]> {
  return new DirectoryStore(env.DB).ofErased(most);
}

/** Whoever wrote to these teams, or to any, and comes after this in the list: the last seen first. */
export async function visitorsOf(
  env: Env,
  teams: readonly TeamId[] | null,
  { before = Number.MAX_SAFE_INTEGER, id }: VisitorsQuery,
): Promise<Omit<SeenVisitor, 'banned'>[]> {
  return new DirectoryStore(env.DB).visitors(teams, before, id ?? '');
}
