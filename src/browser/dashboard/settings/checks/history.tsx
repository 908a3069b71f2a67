/** How runs came out over time, as a picture and as a table that says the same. */
import { type CheckRun, type CheckStanding } from '../../../../protocol/checks.ts';
import { words } from './words.ts';

/** From the ground up. */
const stack = ['passed', 'accepted', 'not-run', 'failed'] as const satisfies readonly CheckStanding[];
const columns = ['failed', 'not-run', 'accepted', 'passed'] as const satisfies readonly CheckStanding[];
const most = 60;
const height = 100;
/** A column and the gap behind it. */
const [wide, gap] = [8, 2];

export function History({ runs }: { runs: readonly CheckRun[] }) {
  const shown = runs.slice(0, most).toReversed();
  return (
    <section class="checks-history" aria-labelledby="checks-history">
      <h3 id="checks-history">{words.history}</h3>
      <svg
        role="img"
        aria-label={words.plot(shown.length)}
        viewBox={`0 0 ${most * (wide + gap)} ${height}`}
        preserveAspectRatio="xMinYMid meet"
      >
        {shown.map((run, index) => (
          <Column key={run.id} run={run} x={index * (wide + gap)} />
        ))}
      </svg>
      <ul class="checks-legend" aria-hidden="true">
        {columns.map((standing) => (
          <li key={standing} class={standing}>
            {words.standings[standing]}
          </li>
        ))}
      </ul>
      <details>
        <summary>{words.asTable}</summary>
        <div class="checks-table" tabIndex={0} role="region" aria-label={words.tableOf}>
          <table>
            <caption>{words.tableOf}</caption>
            <thead>
              <tr>
                <th scope="col">{words.ranAt}</th>
                {columns.map((standing) => (
                  <th key={standing} scope="col">
                    {words.standings[standing]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {runs.map(({ id, begunAt, counts }) => (
                <tr key={id}>
                  <th scope="row">{words.when(begunAt)}</th>
                  {columns.map((standing) => (
                    <td key={standing}>{counts[standing]}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

function Column({ run: { counts, done }, x }: { run: CheckRun; x: number }) {
  let below = 0;
  return (
    <g>
      {stack.map((standing) => {
        const part = done === 0 ? 0 : (counts[standing] / done) * height;
        below += part;
        return <rect key={standing} class={standing} x={x} y={height - below} width={wide} height={part} />;
      })}
    </g>
  );
}
