/** What a scenario is: how many conversations its stage has, what whoever is played does, and how it is mended. */
import type { Env } from '../../config.ts';
import type { DrillGap } from '../../protocol/drills.ts';
import type { DrillRow, DrillStore } from '../played.ts';

export type Playing = { readonly env: Env; readonly store: DrillStore; readonly drill: DrillRow };

export type Scenario = {
  readonly conversations: number;
  /** Done again, it goes on. @throws {Unplayable} */
  readonly play: (playing: Playing) => Promise<'played' | 'more'>;
  /** @returns whether it is mended; false: it is asked again, for a while. @throws {Unplayable} it can't be */
  readonly recover: (playing: Playing) => Promise<boolean>;
};

/** It can't be played, or mended, here: that is what the drill has shown. */
export class Unplayable extends Error {
  readonly gap: DrillGap;

  constructor(gap: DrillGap) {
    super(gap);
    this.gap = gap;
  }
}

/** What was missing is said once. */
export async function noteGap({ store, drill }: Playing, gap: DrillGap): Promise<void> {
  if (drill.report.gaps.includes(gap)) return;
  drill.report.gaps.push(gap);
  await store.setReport(drill.id, drill.report);
}
