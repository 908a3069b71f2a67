/** What was deleted because its time was over, day by day. */
import type { DeletedAnswer } from '../../../../protocol/retention.ts';
import type { ScreenProps } from '../screen-props.ts';
import { words } from './words.ts';

type Line = DeletedAnswer['deleted'][number];
interface Props {
  deleted: readonly Line[];
  nameOfSite: ScreenProps['desk']['sites']['value'];
}

const dayName = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

export function Deleted({ deleted, nameOfSite }: Props) {
  if (deleted.length === 0) return <p class="nothing">{words.deletedNone}</p>;
  const siteOf = ({ site }: Line) => (site === null ? undefined : nameOfSite.get(site)?.name);
  return (
    <div class="deleted" role="region" aria-label={words.deleted} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {words.deletedColumns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {deleted.map((line) => (
            <tr key={`${line.day} ${line.site} ${line.kind}`}>
              <th scope="row">{dayName.format(Date.parse(line.day))}</th>
              <td dir="auto">{siteOf(line) ?? words.deletedNowhere}</td>
              <td>{words.deletedKinds[line.kind](line.count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
