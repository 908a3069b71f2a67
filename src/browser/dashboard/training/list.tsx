/** All lessons: those to take first, then those that were taken, then what nobody asks. */
import { type LessonLine, type MyTraining, standingOf } from '../../../protocol/training.ts';
import { lessonAddress } from '../route.ts';
import { words } from './words.ts';

const day = 86_400_000;

type Kind = 'open' | 'taken' | 'free';

export function LessonList({ lessons, now }: MyTraining) {
  const by = Map.groupBy(lessons, (line) => kindOf(line, now));
  return (
    <>
      {(by.get('open') ?? []).length === 0 && <p role="status">{words.nothingOpen}</p>}
      {(['open', 'taken', 'free'] as const).map((kind) => {
        const lines = (by.get(kind) ?? []).toSorted((one, other) => (one.due ?? 0) - (other.due ?? 0));
        return (
          lines.length > 0 && (
            <section class="part" key={kind} aria-labelledby={`lessons-${kind}`}>
              <h3 id={`lessons-${kind}`}>{words.kinds[kind]}</h3>
              <ul class="rows">
                {lines.map((line) => (
                  <li key={line.lesson}>
                    <Line line={line} now={now} />
                  </li>
                ))}
              </ul>
            </section>
          )
        );
      })}
    </>
  );
}

function kindOf({ due, taken }: LessonLine, now: number): Kind {
  if (due !== null && standingOf(due, now) !== 'done') return 'open';
  if (due !== null && taken === null) return 'open';
  return taken === null ? 'free' : 'taken';
}

function Line({ line, now }: { line: LessonLine; now: number }) {
  return (
    <a class="lesson-line" href={lessonAddress(line.lesson)}>
      <span class="row-name">{line.title}</span>
      <span class="soft">{words.minutes(line.minutes)}</span>
      <Standing line={line} now={now} />
    </a>
  );
}

/** How a lesson stands, and what it stands before. */
export function Standing({ line: { due, taken, gate }, now }: { line: LessonLine; now: number }) {
  const isOverdue = due !== null && due <= now;
  return (
    <span class="lesson-standing">
      {due !== null && isOverdue && (
        <strong class="overdue">{now - due < day ? words.now : words.overdue(due)}</strong>
      )}
      {due !== null && !isOverdue && <span>{taken === null ? words.dueBy(due) : words.againBy(due)}</span>}
      {taken !== null && <span class="soft">{words.taken(taken.at)}</span>}
      {gate !== null && due !== null && (
        <span class="soft">{isOverdue ? words.closes[gate] : words.opens[gate]}</span>
      )}
    </span>
  );
}
