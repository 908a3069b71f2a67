/** How far a permission reaches: the one rule of it, for the server that decides and for the pages that offer. */

/**
 * The widest first: every thing, those of one's own teams, of these what one has and what waits for somebody, or only
 * what one has.
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

/** How a thing lies to somebody. */
type Relation = { isOwn: boolean; isOfTeam: boolean; waiting: boolean };

const holds: Record<Reach, (relation: Relation) => boolean> = {
  all: () => true,
  team: ({ isOfTeam }) => isOfTeam,
  waiting: ({ isOwn, isOfTeam, waiting }) => isOfTeam && (isOwn || waiting),
  own: ({ isOwn }) => isOwn,
};

export function isWithin(
  reach: Reach | undefined,
  { id, teams }: { id: string; teams: readonly string[] },
  { team, person, waiting = false }: Placed,
): boolean {
  const isOfTeam = typeof team === 'string' && teams.includes(team);
  return reach !== undefined && holds[reach]({ isOwn: person === id, isOfTeam, waiting });
}

const both = [true, false];
const relations: readonly Relation[] = both.flatMap((isOwn) =>
  both.flatMap((isOfTeam) => both.map((waiting) => ({ isOwn, isOfTeam, waiting }))),
);

/** Does `wide` hold whatever `narrow` holds of all that lies within `sight`? By the same rule as `isWithin`. */
export function reachesAsFar(wide: Reach, narrow: Reach, sight: Reach): boolean {
  return relations.every(
    (relation) => !holds[sight](relation) || !holds[narrow](relation) || holds[wide](relation),
  );
}
