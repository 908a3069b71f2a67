/** The directory of conversations in D1: where each stands, with no word of what was said. */
import type { Env } from '../config.ts';
import type { SiteId, VisitorId } from '../protocol/ids.ts';
import { may, type Staff } from '../people/permission.ts';
import { type DirectoryRow, DirectoryStore, type Listed } from './directory/store.ts';

/** Writes a conversation's line; an older version than the one there is ignored. */
export async function writeToDirectory(env: Env, row: DirectoryRow): Promise<void> {
  await new DirectoryStore(env.DB).write(row);
}

/** A visitor's conversations on one site, newest first. */
export async function conversationsOfVisitor(env: Env, visitor: VisitorId, site: SiteId): Promise<Listed[]> {
  return new DirectoryStore(env.DB).ofVisitor(visitor, site);
}

/** The newest conversations that a member of staff may list: those of their teams, or all. */
export async function conversationsForStaff(env: Env, staff: Staff): Promise<Listed[]> {
  return new DirectoryStore(env.DB).ofTeams(may(staff, 'conversation.list') ? null : staff.teams);
}
