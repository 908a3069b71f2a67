/** One entry: who, what, to what and what became of it, and more of it for whoever opens it. */
import type { ComponentChildren } from 'preact';
import type { LedgerEntry } from '../../../../protocol/ledger.ts';
import { addressOf, ledgerAddress } from '../../route.ts';
import { actorOf, factsOf, type NameOf, outcomeOf, reasonOf, thingsOf, whatOf } from './saying.ts';
import { agoOf, exactly } from './when.ts';
import { words } from './words.ts';

interface Props {
  entry: LedgerEntry;
  now: number;
  nameOf: NameOf;
  /** Whether whoever looks may open this conversation. */
  mayOpen: (conversation: string) => boolean;
}

export function Entry({ entry, now, nameOf, mayOpen }: Props) {
  const what = whatOf(entry);
  const reason = reasonOf(entry);
  return (
    <li class="entry">
      <Moment at={entry.at} now={now} />
      <div class="entry-what">
        <p class="row-name">{what}</p>
        <p>
          {actorOf(entry, nameOf)}
          {thingsOf(entry).map((id) => (
            <span key={id}>
              {' · '}
              <Thing id={id} nameOf={nameOf} mayOpen={mayOpen} />
            </span>
          ))}
        </p>
        {reason !== null && <p class="soft">{reason}</p>}
        <details>
          <summary aria-label={words.detailsOf(what, exactly(entry.at))}>{words.details}</summary>
          <More entry={entry} nameOf={nameOf} />
        </details>
      </div>
      <p class={`entry-outcome ${entry.outcome}`}>{outcomeOf(entry)}</p>
    </li>
  );
}

function Moment({ at, now }: { at: number; now: number }) {
  return (
    <time class="entry-when" dateTime={new Date(at).toISOString()} title={exactly(at)}>
      <span aria-hidden="true">{agoOf(at, now)}</span>
      <span class="unseen">{exactly(at)}</span>
    </time>
  );
}

function Thing({ id, nameOf, mayOpen }: { id: string } & Pick<Props, 'nameOf' | 'mayOpen'>) {
  if (!id.startsWith('con_') || !mayOpen(id)) return <>{nameOf(id)}</>;
  return <a href={addressOf(id)}>{nameOf(id)}</a>;
}

function More({ entry, nameOf }: Pick<Props, 'entry' | 'nameOf'>) {
  const { actor, object, subject, session, personal, late } = entry;
  const about = object ?? subject;
  return (
    <>
      <dl class="entry-facts">
        <Fact name={words.exactly}>{exactly(entry.at)}</Fact>
        {late && <Fact name={words.late}>{words.lateHow}</Fact>}
        <Fact name={words.actor}>{actor !== null && <code>{actor}</code>}</Fact>
        <Fact name={words.session}>{session !== null && <code>{session}</code>}</Fact>
        <Fact name={words.object}>{object !== null && <code>{object}</code>}</Fact>
        <Fact name={words.subject}>{subject !== null && subject !== actor && <code>{subject}</code>}</Fact>
        {typeof personal === 'object' &&
          personal !== null &&
          (['reason', 'device', 'country', 'network'] as const).map((name) => (
            <Fact key={name} name={words[name]}>
              {said(personal[name])}
            </Fact>
          ))}
        {factsOf(entry, nameOf).map(([name, text]) => (
          <Fact key={name} name={name}>
            {text}
          </Fact>
        ))}
        <Fact name={words.number}>{String(entry.seq)}</Fact>
      </dl>
      {personal === 'erased' && <p class="soft">{words.erased}</p>}
      {personal === 'unreadable' && <p class="warned">{words.unreadablePersonal}</p>}
      <p class="entry-links">
        {actor !== null && <a href={ledgerAddress({ actor })}>{words.allBy}</a>}
        {about !== null && <a href={ledgerAddress({ about })}>{words.allAbout}</a>}
      </p>
    </>
  );
}

function said(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** What there is nothing to say of is left out. */
function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (children === null || children === false || children === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
