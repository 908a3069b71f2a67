/** For how long a site keeps conversations, and customers without one, and what another time would erase. */
import type { ProfileId } from '../../../../protocol/laws.ts';
import { limits } from '../../../../protocol/limits.ts';
import type { OverAnswer } from '../../../../protocol/retention.ts';
import { Line, Tick } from '../../form/field.tsx';
import type { Session } from '../../session.ts';
import { Held, isHeld, endOf } from '../held.tsx';
import { useOver, wholeWithin } from '../over.ts';
import { words } from '../words.ts';
import type { Draft } from './draft.ts';
import type { PartProps } from './part-props.ts';

const kinds = {
  conversations: { setting: 'keptDays', usual: limits.conversationDays },
  visitors: { setting: 'visitorDays', usual: limits.visitorDays },
} as const;

interface Props extends PartProps {
  kind: keyof typeof kinds;
  api: Session['api'];
  site: string;
  saved: Draft;
  /** The profiles that are on. */
  held: readonly ProfileId[];
}

export function KeptFields({ kind, api, site, saved, held, draft, change }: Props) {
  const { setting, usual } = kinds[kind];
  const days = draft[setting];
  const most = endOf(held, setting, limits.conversationDaysMax);
  const asked = days === null || days === saved[setting] ? undefined : wholeWithin(days, 1, most);
  const path = `/api/v1/sites/${encodeURIComponent(site)}/over?kind=${kind}&days=${asked}`;
  const answer = useOver((at) => api.get<OverAnswer>(at), asked === undefined ? null : path);
  const set = (wanted: string | null) => change({ [setting]: wanted });
  const said = words.sites.kept[kind];
  return (
    <fieldset class="group">
      <legend>{said.title}</legend>
      <p class="soft">{said.hint}</p>
      <Tick
        label={said.notForEver}
        checked={days !== null}
        disabled={days !== null && isHeld(held, setting)}
        change={(wanted) => set(wanted ? String(usual) : null)}
      />
      {days !== null && (
        <Line
          label={said.days}
          hint={said.daysHint(most)}
          value={days}
          change={set}
          input={{ type: 'number', min: 1, max: most, step: 1, required: true }}
        />
      )}
      <Held on={held} setting={setting} />
      <div role="status">
        {days === null && <p class="warned">{said.forEver}</p>}
        {answer !== null && <p class={answer.over > 0 ? 'warned' : undefined}>{said.over(answer.over)}</p>}
      </div>
    </fieldset>
  );
}
