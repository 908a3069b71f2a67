/** When a drill is missing. */

const day = 86_400_000;
/** There is one each week, and it takes some time. */
const oldest = 8 * day;

/** @param last when the last good one was begun @param since when the oldest backup that is kept was begun */
export function isDrillMissing(last: number | undefined, since: number | undefined, now: number): boolean {
  const from = last ?? since;
  return from !== undefined && from < now - oldest;
}
