/** A part of an incident's page, and what each of them is given. */
import type { ComponentChildren } from 'preact';
import type { FullIncident } from '../../../../protocol/incidents.ts';
import type { Session } from '../../session.ts';
import type { NameOf } from '../ledger/saying.ts';
import type { ScreenProps } from '../screen-props.ts';
import type { Everybody } from './people.ts';

/** What every part of the page is given. */
export interface Working {
  desk: ScreenProps['desk'];
  api: Session['api'];
  /** Where it lies. */
  path: string;
  incident: FullIncident;
  /** Whether whoever looks may work on it, as it stands. */
  mayWork: boolean;
  people: Everybody;
  nameOf: NameOf;
  /** It is another one by now. */
  changed: () => void;
}

/** A part of the page, by its heading. */
export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  const id = `incident-${title.toLowerCase().replaceAll(/\W+/g, '-')}`;
  return (
    <section class="incident-part" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}
