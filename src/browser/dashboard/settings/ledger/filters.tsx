/** What is looked for: chosen in a form, kept in the address, and said in one line. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../../ui/button.tsx';
import { Choice, Line } from '../../form/field.tsx';
import { goTo, ledgerAddress } from '../../route.ts';
import { dayIn, type Filter, groups, idIn } from './filter.ts';
import { meaningOf, type NameOf, whatOf } from './saying.ts';
import { dayOf } from './when.ts';
import { words } from './words.ts';

interface Props {
  filter: Filter;
  people: readonly { id: string; name: string }[];
  nameOf: NameOf;
}

/** Stands for what does not matter. */
const any = 'any';

export function Filters({ filter, people, nameOf }: Props) {
  const draft = useSignal(filter);
  const box = useRef<HTMLDetailsElement>(null);
  // The address is what counts, whoever has changed it.
  useEffect(() => {
    draft.value = filter;
  }, [ledgerAddress(filter)]);
  const change = (field: keyof Filter, value: string) => {
    const { [field]: _, ...others } = draft.value;
    draft.value = value === '' || value === any ? others : { ...others, [field]: value };
  };
  const show = (wanted: Filter) => {
    goTo(ledgerAddress(wanted));
    // What is found then begins below.
    if (box.current !== null) box.current.open = false;
    box.current?.querySelector('summary')?.focus();
  };
  const { actor, about, action, from, to } = draft.value;
  return (
    <details ref={box}>
      <summary class="button">{words.filter}</summary>
      <form
        class="form ledger-part"
        onSubmit={(event) => {
          event.preventDefault();
          show({ ...draft.value, ...(about !== undefined && { about: idIn(about) ?? '' }) });
        }}
      >
        <div class="ledger-pair">
          <Choice
            label={words.who}
            value={actor ?? any}
            change={(value) => change('actor', value)}
            options={[[any, words.anybody], ...actorsIn(people, nameOf, actor)]}
          />
          <Choice
            label={words.what}
            value={action ?? any}
            change={(value) => change('action', value)}
            options={[[any, words.anything]]}
            groups={groups.map(({ id, name, actions }) => ({
              name,
              options: [
                [id, words.allOf(name)],
                ...actions.map((each) => [each, whatOf({ action: each, facts: {} })] as const),
              ],
            }))}
          />
        </div>
        <Line
          label={words.about}
          value={about ?? ''}
          change={(value) => change('about', value)}
          check={(text) => (text === '' || idIn(text) !== undefined ? null : words.aboutWrong)}
          hint={words.aboutHint}
          input={{ autocomplete: 'off', spellcheck: false }}
        />
        <div class="ledger-pair">
          <Line
            label={words.from}
            value={from ?? ''}
            change={(value) => change('from', value)}
            input={{ type: 'date' }}
          />
          <Line
            label={words.to}
            value={to ?? ''}
            change={(value) => change('to', value)}
            input={{ type: 'date' }}
          />
        </div>
        <div class="form-end">
          <Button submit kind="first">
            {words.show}
          </Button>
        </div>
      </form>
    </details>
  );
}

/** What is looked for, in one line. */
export function Chosen({ filter, nameOf }: Pick<Props, 'filter' | 'nameOf'>) {
  if (Object.keys(filter).length === 0) return null;
  const clear = () => {
    goTo(ledgerAddress({}));
    // This line goes, and with it what had the focus.
    document.querySelector<HTMLElement>('.settings-heading h2')?.focus();
  };
  return (
    <div class="form-end">
      <span>{words.only(sayingOf(filter, nameOf))}</span>
      <Button small onPress={clear}>
        {words.clear}
      </Button>
    </div>
  );
}

/** Everybody who works here, and whoever else was asked for. */
function actorsIn(
  people: Props['people'],
  nameOf: NameOf,
  chosen: string | undefined,
): [id: string, name: string][] {
  const ids = people.map(({ id }) => id);
  const all = chosen === undefined || ids.includes(chosen) ? ids : [...ids, chosen];
  return all.map((id) => [id, nameOf(id)]);
}

function sayingOf({ actor, about, action, from, to }: Filter, nameOf: NameOf): string {
  const group = groups.find(({ id }) => id === action)?.name;
  const [since, until] = [dayIn(from ?? ''), dayIn(to ?? '')];
  return [
    actor !== undefined && nameOf(actor),
    action !== undefined && (group ?? meaningOf(action)),
    about !== undefined && nameOf(about),
    since !== null && words.sinceDay(dayOf(since)),
    until !== null && words.untilDay(dayOf(until)),
  ]
    .filter((part) => part !== false)
    .join(' · ');
}
