/** For how long a site keeps conversations, and what another time would erase. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { OverAnswer } from '../../../../protocol/bodies.ts';
import type { ProfileId } from '../../../../protocol/laws.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Line, Tick } from '../../form/field.tsx';
import type { Session } from '../../session.ts';
import { Held, isHeld, mostOf } from '../held.tsx';
import { words } from '../words.ts';
import type { PartProps } from './part-props.ts';

/** Whoever types a number is not asked about each of its digits. */
const typedFor = 400;

interface Props extends PartProps {
  api: Session['api'];
  site: string;
  /** As it is saved. */
  saved: string | null;
  /** The profiles that are on. */
  held: readonly ProfileId[];
}

export function KeptFields({ api, site, saved, held, draft: { keptDays }, change }: Props) {
  const most = mostOf(held, 'keptDays', limits.conversationDaysMax);
  const over = useOver(api, site, keptDays === saved ? null : keptDays);
  const { sites } = words;
  return (
    <fieldset class="group">
      <legend>{sites.kept}</legend>
      <p class="soft">{sites.keptHint}</p>
      <Tick
        label={sites.keptNotForEver}
        checked={keptDays !== null}
        disabled={keptDays !== null && isHeld(held, 'keptDays')}
        change={(wanted) => change({ keptDays: wanted ? String(limits.conversationDays) : null })}
      />
      {keptDays !== null && (
        <Line
          label={sites.keptDays}
          hint={sites.keptDaysHint(most)}
          value={keptDays}
          change={(days) => change({ keptDays: days })}
          input={{ type: 'number', min: 1, max: most, step: 1, required: true }}
        />
      )}
      <Held on={held} setting="keptDays" />
      <div role="status">
        {keptDays === null && <p class="warned">{sites.keptForEver}</p>}
        {over !== null && <p class={over > 0 ? 'warned' : undefined}>{sites.over(over)}</p>}
      </div>
    </fieldset>
  );
}

/** How many conversations so many days would erase with the next night; null where that is not known. */
function useOver(api: Session['api'], site: string, days: string | null): number | null {
  const over = useSignal<number | null>(null);
  useEffect(() => {
    over.value = null;
    const number = Number(days ?? '');
    if (!Number.isInteger(number) || number < 1 || number > limits.conversationDaysMax) return undefined;
    let isWanted = true;
    const ask = async () => {
      const path = `/api/v1/sites/${encodeURIComponent(site)}/over?days=${number}`;
      const { conversations } = await api.get<OverAnswer>(path);
      if (isWanted) over.value = conversations;
    };
    const timer = setTimeout(() => {
      // It is asked again with the next change; saving does not depend on it.
      ask().catch(() => undefined);
    }, typedFor);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, site, days, over]);
  return over.value;
}
