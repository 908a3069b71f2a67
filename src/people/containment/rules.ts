/** What is held back at a moment, and what that shuts, as pure functions (docs/RULES.md, N20 to N28). */
import {
  type ContainmentKind,
  exportDoors,
  fileDoors,
  type HeldMode,
  readOnlyDoors,
} from '../../protocol/containment.ts';
import type { Grants } from '../../protocol/permissions.ts';
import type { RefusalCode } from '../../protocol/refusals.ts';
import { covers } from '../../protocol/roles.ts';

/**
 * `target`: of a network its keyed hash in hexadecimal. `until` in Unix milliseconds; null: until it is undone. `by`: what
 * whoever holds it back may do.
 */
export type HeldRow = { kind: ContainmentKind; target: string; until: number | null; by: Grants };

export type Held = {
  modes: ReadonlySet<HeldMode>;
  sites: ReadonlySet<string>;
  people: ReadonlySet<string>;
  /** With what those may do who blocked them. */
  networks: ReadonlyMap<string, Grants>;
  /** Until when more is logged; 0: it is not. */
  logging: number;
};

export const nothingHeld: Held = {
  modes: new Set(),
  sites: new Set(),
  people: new Set(),
  networks: new Map(),
  logging: 0,
};

/** What whoever knocks is told while it holds. */
export const refusalOf = {
  readOnly: 'read_only',
  exports: 'exports_frozen',
  files: 'files_frozen',
} as const satisfies Record<HeldMode, RefusalCode>;

const modes: readonly ContainmentKind[] = ['readOnly', 'exports', 'files'] satisfies HeldMode[];

export function heldAt(rows: readonly HeldRow[], now: number): Held {
  const inForce = rows.filter(({ until }) => until === null || until > now);
  const of = (kind: ContainmentKind) => inForce.filter((row) => row.kind === kind);
  return {
    modes: new Set(inForce.flatMap(({ kind }) => (modes.includes(kind) ? [kind as HeldMode] : []))),
    sites: new Set(of('site').map(({ target }) => target)),
    people: new Set(of('person').map(({ target }) => target)),
    networks: new Map(of('network').map(({ target, by }) => [target, by])),
    logging: Math.max(0, ...of('logging').map(({ until }) => until ?? 0)),
  };
}

/**
 * Whether nobody who may do this much comes in from there. Whoever stands above those who blocked it does (N25): nobody
 * shuts out the ones who could undo it.
 */
export function isBlocked({ networks }: Held, network: string | null, grants: Grants): boolean {
  const by = network === null ? undefined : networks.get(network);
  return by !== undefined && covers(by, grants);
}

/** Why this door is shut for now, if it is. @param site of the visitor who asks; undefined for staff and for nobody */
export function shutBy(
  { modes, sites }: Held,
  door: string,
  site: string | undefined,
): RefusalCode | undefined {
  if (site !== undefined && sites.has(site)) return 'site_locked';
  if (modes.has('exports') && exportDoors.includes(door)) return refusalOf.exports;
  if (modes.has('files') && fileDoors.includes(door)) return refusalOf.files;
  const changes = !door.startsWith('GET ') && !readOnlyDoors.includes(door);
  return modes.has('readOnly') && changes ? refusalOf.readOnly : undefined;
}
