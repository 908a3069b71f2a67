/** What happens now, team by team, for those who see to it that all goes well. */
import type { Colleague } from './frames.ts';
import type { TeamId } from './ids.ts';

/**
 * One team's inbox. `waiting`: nobody has claimed them; `unanswered`: their customer wrote last, claimed or not, and the
 * first of these since `waitingSince`, in Unix milliseconds. `perMinute`: messages, over the last five minutes; what one side
 * says in a row counts from the other's turn on.
 */
export type LiveInbox = {
  waiting: number;
  claimed: number;
  unanswered: number;
  waitingSince: number | null;
  perMinute: number;
  people: Colleague[];
};
/** A team of which nothing could be learnt has no inbox. */
export type LiveTeam = { team: TeamId; inbox: LiveInbox | null };
/**
 * `alarms`: those that nobody has answered, of all that whoever looks may see; null: they may see none. `faults`: what failed
 * on Sotto's side in this hour and the one before, by the kind of work, and of nobody. `at`: Unix milliseconds.
 */
export type LiveAnswer = {
  at: number;
  teams: LiveTeam[];
  alarms: number | null;
  faults: Record<string, number>;
};
