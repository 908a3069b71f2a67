/** When a backup is to be put back by hand again. */

const day = 86_400_000;
/** So long is somebody believed who has put one back by hand. */
const triedFor = 90 * day;

/**
 * @param tried when one was put back by hand last
 * @param sealedSince when the first drill was begun that could open nothing, since which none could
 */
export function isTryDue(tried: number | undefined, sealedSince: number | undefined, now: number): boolean {
  return sealedSince !== undefined && Math.max(tried ?? 0, sealedSince) < now - triedFor;
}
