/** Who and what is played in a drill: whatever is told of it outside is marked, and it counts in no figures. */
import type { Env } from '../config.ts';
import type { Finding } from '../protocol/alarms.ts';
import { type DrillScenario, isGoodDrill } from '../protocol/drills.ts';
import type { TeamId } from '../protocol/ids.ts';
import { DrillStore } from './played/store.ts';

export { type DrillRow, DrillStore } from './played/store.ts';

/** Says of each finding whether it is a drill's, and then about whom it is: whoever is played. */
export async function marked(env: Env, findings: readonly Finding[]): Promise<Finding[]> {
  if (findings.length === 0) return [];
  const ids = findings.flatMap((finding) => idsOf(finding));
  const played = await new DrillStore(env.DB).playedAmong(ids);
  return findings.map((finding) => {
    const drill = idsOf(finding).flatMap((id) => played.get(id) ?? [])[0];
    if (drill === undefined) return finding;
    return { ...finding, about: drill.person, facts: { ...finding.facts, drill: drill.id } };
  });
}

function idsOf({ about, facts }: Finding): string[] {
  return [about, facts['conversation']].filter((id) => typeof id === 'string');
}

/** Which scenarios were played since then to their end, and ended contained. */
export async function playedSince(env: Env, at: number): Promise<Set<DrillScenario>> {
  const all = await new DrillStore(env.DB).since(at);
  return new Set(all.filter(isGoodDrill).map(({ scenario }) => scenario));
}

/** Teams that are a drill's just now. */
export async function playedTeams(env: Env): Promise<Set<TeamId>> {
  const going = await new DrillStore(env.DB).goingOn();
  return new Set(going === undefined ? [] : [going.team]);
}
