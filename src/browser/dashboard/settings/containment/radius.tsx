/** What somebody has seen between two times: asked for, shown, and taken along. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { RadiusAnswer, SeenCustomer, SeenThing } from '../../../../protocol/containment.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { download } from '../../download.ts';
import { Encrypting, encryptionAsked, useEncryption } from '../../form/encryption.tsx';
import { Choice, Line } from '../../form/field.tsx';
import { useDoing } from '../../me/doing.ts';
import { addressOf } from '../../route.ts';
import type { Session } from '../../session.ts';
import { fetchFile } from '../file.ts';
import { meaningOf, type NameOf } from '../ledger/saying.ts';
import { amongst, type Wanted } from './acts.tsx';
import { words as settingsWords } from './words.ts';

const words = settingsWords.radius;
const path = '/api/v1/radius';

interface Props {
  api: Session['api'];
  people: readonly { id: string; name: string }[];
  nameOf: NameOf;
  wanted: Wanted;
  /** From when on is asked for at first. */
  since: number;
}

export function Radius({ api, people, nameOf, wanted, since }: Props) {
  const person = useSignal(amongst(people, wanted.about));
  const from = useSignal(local(since));
  const to = useSignal(local(Date.now()));
  const found = useSignal<{ asked: object; answer: RadiusAnswer } | null>(null);
  const said = useSignal('');
  const encryption = useEncryption('what somebody has seen');
  const doing = useDoing();
  const wish = () => {
    // To the end of the last minute.
    const span = { from: Date.parse(from.value), to: Date.parse(to.value) + 59_999 };
    if (span.from > span.to) throw new RangeError(words.wrongOrder);
    return { person: person.value, ...span };
  };
  const show = () =>
    doing.attempt(async () => {
      found.value = null;
      said.value = '';
      const asked = wish();
      found.value = { asked, answer: await api.post<RadiusAnswer>(path, asked) };
    });
  const take = (format: 'csv' | 'ndjson') =>
    doing.attempt(async () => {
      const asked = encryptionAsked(encryption);
      const file = await fetchFile(api, `${path}/export`, { ...found.value?.asked, format, ...asked });
      download(file, `seen.${format}${asked.openpgp === undefined ? '' : '.pgp'}`);
      said.value = words.taken;
    });
  const heading = useRef<HTMLHeadingElement>(null);
  const isWanted = wanted.act === 'radius';
  useEffect(() => {
    if (isWanted) heading.current?.focus();
  }, [isWanted]);
  const answer = found.value?.answer;
  return (
    <>
      <h3 ref={heading} tabIndex={-1}>
        {words.title}
      </h3>
      <p class="soft">{words.intro}</p>
      <form
        class="radius"
        onSubmit={(event) => {
          event.preventDefault();
          void show();
        }}
      >
        <Choice
          label={settingsWords.person}
          value={person.value}
          change={(value) => {
            person.value = value;
          }}
          options={[['', ''], ...people.map(({ id, name }) => [id, name] as const)]}
        />
        <div class="radius-span">
          <Moment label={words.from} of={from} />
          <Moment label={words.to} of={to} />
        </div>
        <Button submit kind="first" busy={doing.busy.value}>
          {words.show}
        </Button>
      </form>
      <Problem text={doing.problem.value} />
      <p role="status">{answer === undefined ? '' : `${words.counts(answer.counts)} ${said.value}`}</p>
      {answer !== undefined && (
        <>
          <Seen answer={answer} nameOf={nameOf} />
          {answer.things.length > 0 && (
            <div class="radius">
              <Encrypting of={encryption} />
              <div class="radius-take">
                <Button busy={doing.busy.value} onPress={() => void take('csv')}>
                  {words.takeTable}
                </Button>
                <Button busy={doing.busy.value} onPress={() => void take('ndjson')}>
                  {words.takeLines}
                </Button>
              </div>
            </div>
          )}
        </>
      )}
    </>
  );
}

function Moment({ label, of }: { label: string; of: { value: string } }) {
  return (
    <Line
      label={label}
      value={of.value}
      change={(value) => {
        of.value = value;
      }}
      input={{ type: 'datetime-local', required: true }}
    />
  );
}

/** As a field for a date and a time has it, in the time of this place. */
function local(at: number): string {
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

function Seen({ answer, nameOf }: { answer: RadiusAnswer; nameOf: NameOf }) {
  const { things, customers, lists, staff, more, until } = answer;
  const of = new Map(customers.map((customer) => [customer.visitor, customer]));
  return (
    <>
      <p class="soft">
        {words.asOf(until)} {more > 0 && words.more(more)}
      </p>
      {things.length === 0 ? (
        <p class="nothing">{words.none}</p>
      ) : (
        <div class="radius-table" role="region" aria-label={words.table} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {[words.what, words.whose, words.contact, words.first, words.certain].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {things.map((thing) => (
                <Row
                  key={`${thing.kind} ${thing.object}`}
                  thing={thing}
                  of={thing.visitor === null ? undefined : of.get(thing.visitor)}
                  nameOf={nameOf}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {things.some(({ certain }) => !certain) && <p class="soft">{words.possiblyHow}</p>}
      {lists.length > 0 && (
        <section>
          <h4>{words.lists}</h4>
          <p class="soft">{words.listsHow}</p>
          <ul>
            {lists.map(({ action, times }) => (
              <li key={action}>
                {meaningOf(action)}: {words.times(times)}
              </li>
            ))}
          </ul>
        </section>
      )}
      {staff.length > 0 && (
        <section>
          <h4>{words.staff}</h4>
          <p>{staff.map(nameOf).join(', ')}</p>
        </section>
      )}
    </>
  );
}

function Row({ thing, of, nameOf }: { thing: SeenThing; of: SeenCustomer | undefined; nameOf: NameOf }) {
  const { kind, object, conversation, visitor, certain, first } = thing;
  const what = words.kinds[kind];
  return (
    <tr>
      <td>
        {conversation === null ? what : <a href={addressOf(conversation)}>{`${what}: ${nameOf(object)}`}</a>}
      </td>
      <td>{of?.name ?? (visitor === null ? words.nobody : nameOf(visitor))}</td>
      <td>{of?.address ?? words.noContact}</td>
      <td>{settingsWords.moment(first)}</td>
      <td>{certain ? words.yes : words.possibly}</td>
    </tr>
  );
}
