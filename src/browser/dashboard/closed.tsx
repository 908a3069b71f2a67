/** Says what is closed to whoever sits here until they have taken a lesson, and leads there. */
import type { Desk } from './desk.ts';
import { trainingAddress } from './route.ts';
import { words } from './words.ts';

/** The region is there before what is said in it, so that whoever listens hears of it. */
export function ClosedBanner({ desk }: { desk: Desk }) {
  const closed = desk.person.value.closed ?? [];
  return (
    <div class="banner" role="status">
      {closed.map((gate) => (
        <span key={gate}>{words.closed[gate]}</span>
      ))}
      {closed.length > 0 && <a href={trainingAddress}>{words.toLessons}</a>}
    </div>
  );
}
