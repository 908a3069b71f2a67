/** For how long what is personal in the ledger can be read, and what another time would make unreadable. */
import { useSignal } from '@preact/signals';
import type { ProfileId } from '../../../../protocol/laws.ts';
import { limits } from '../../../../protocol/limits.ts';
import type { OrganisationAnswer, OrganisationSettings } from '../../../../protocol/organisation.ts';
import type { DetailsOverAnswer } from '../../../../protocol/retention.ts';
import { Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import type { Session } from '../../session.ts';
import { Held, endOf } from '../held.tsx';
import { useOver, wholeWithin } from '../over.ts';
import { words } from '../words.ts';

interface Props {
  api: Session['api'];
  known: OrganisationSettings;
  /** The profiles that are on. */
  held: readonly ProfileId[];
}

const month = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' });
const most = limits.ledgerDetailsDaysMax;

export function LedgerDetails({ api, known, held }: Props) {
  const least = endOf(held, 'ledgerDetailsDays', limits.ledgerDetailsDaysMin);
  const saved = useSignal(String(known.ledgerDetailsDays));
  const days = useKept('the details of the ledger', saved.peek());
  const asked = days.value === saved.value ? undefined : wholeWithin(days.value, least, most);
  const over = useOver(
    (at) => api.get<DetailsOverAnswer>(at),
    asked === undefined ? null : `/api/v1/organisation/over?days=${asked}`,
  );
  const submit = async () => {
    const wish = { ledgerDetailsDays: Number(days.value) };
    const { organisation } = await api.patch<OrganisationAnswer>('/api/v1/organisation', wish);
    saved.value = days.value = String(organisation.ledgerDetailsDays);
  };
  const { organisation } = words;
  return (
    <>
      <h3>{organisation.details}</h3>
      <p class="soft">{organisation.detailsIntro}</p>
      <Form
        action={organisation.detailsSet}
        submit={submit}
        changed={() => days.value !== saved.value}
        done={words.saved}
      >
        <Line
          label={organisation.detailsDays}
          hint={organisation.detailsHint(least, most)}
          value={days.value}
          change={(wanted) => {
            days.value = wanted;
          }}
          input={{ type: 'number', min: least, max: most, step: 1, required: true }}
        />
        <Held on={held} setting="ledgerDetailsDays" />
        <div role="status">
          {over !== null && (
            <p class={over.over > 0 ? 'warned' : undefined}>
              {organisation.detailsOver(over.over, month.format(Date.parse(over.before)))}
            </p>
          )}
        </div>
      </Form>
    </>
  );
}
