/** How far everybody is whom one may see: those who are behind first. */
import type { OverviewAnswer, OverviewLine } from '../../../../protocol/training.ts';
import { ledgerAddress } from '../../route.ts';
import { words } from './words.ts';

type Props = OverviewAnswer & { seesLedger: boolean };

export function Overview({ people, lessons, now, seesLedger }: Props) {
  const titles = new Map<string, string>(lessons.map(({ lesson, title }) => [lesson, title]));
  const asked = people.filter((each) => each.lessons.length > 0);
  const behind = (line: OverviewLine) => line.lessons.filter(({ due }) => due <= now).length;
  return (
    <section aria-labelledby="training-overview">
      <h3 id="training-overview">{words.overview}</h3>
      {people.length === 0 && <p class="nothing">{words.nobody}</p>}
      {people.length > 0 && asked.length === 0 && <p class="nothing">{words.noneAsked}</p>}
      <ul class="rows overview">
        {asked
          .toSorted((one, other) => behind(other) - behind(one) || one.name.localeCompare(other.name))
          .map((line) => (
            <li key={line.person}>
              <details>
                <summary
                  aria-label={`${line.name}. ${standing(line, behind(line))}. ${words.details(line.name)}`}
                >
                  <span class="row-name" dir="auto">
                    {line.name}
                  </span>{' '}
                  <span class={behind(line) > 0 ? 'behind' : 'soft'}>{standing(line, behind(line))}</span>
                </summary>
                <ul>
                  {line.lessons.map(({ lesson, due, taken }) => (
                    <li key={lesson}>
                      {titles.get(lesson) ?? lesson}:{' '}
                      {taken === null ? words.notTaken : words.takenOn(taken.at)}, {words.dueOn(due, now)}
                    </li>
                  ))}
                </ul>
              </details>
            </li>
          ))}
      </ul>
      {seesLedger && (
        <p>
          <a href={ledgerAddress({ action: 'training' })}>{words.inLedger}</a>
        </p>
      )}
    </section>
  );
}

function standing({ lessons }: OverviewLine, behind: number): string {
  const done = lessons.filter(({ taken }) => taken !== null).length;
  const said = words.done(done, lessons.length);
  return behind === 0 ? said : `${said}, ${words.overdue(behind)}`;
}
