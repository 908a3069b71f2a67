/** Says what is closed to whoever sits here until they have taken a lesson, and leads there. */
import type { Desk } from './desk.ts';
import { trainingAddress } from './route.ts';
import { words } from './words.ts';

/**
 * The region is there before what is said in it, so that whoever listens hears of it. Where conversations are closed, so are
 * their files, and that is said once.
 */
export function ClosedBanner({ desk }: { desk: Desk }) {
  const [gate] = desk.person.value.closed ?? [];
  return (
    <div class="banner" role="status">
      {gate !== undefined && (
        <>
          <span>{words.closed[gate]}</span>
          <a href={trainingAddress}>{words.toLessons}</a>
        </>
      )}
    </div>
  );
}
