/** How far a permission reaches: the one rule of it, for the server that decides and for the pages that offer. */

/**
 * The widest first: every thing, those of one's own teams, those that one has and those of one's teams that wait for
 * somebody, or only what one has.
 */
export const reaches = ['all', 'team', 'waiting', 'own'] as const;
export type Reach = (typeof reaches)[number];

export type Placed = {
  team?: string | null | undefined;
  /** Whose it is: who holds a conversation, or wrote a message. */
  person?: string | null | undefined;
  /** A conversation that nobody has claimed yet. */
  waiting?: boolean | undefined;
};

export function isWithin(
  reach: Reach | undefined,
  { id, teams }: { id: string; teams: readonly string[] },
  { team, person, waiting }: Placed,
): boolean {
  const isOwn = person === id;
  const isOfTeam = typeof team === 'string' && teams.includes(team);
  switch (reach) {
    case 'all':
      return true;
    case 'team':
      return isOfTeam;
    case 'waiting':
      return isOwn || (isOfTeam && waiting === true);
    case 'own':
      return isOwn;
    case undefined:
      return false;
  }
}
