/** What the ledger holds of an incident. */
import type { TimelineAnswer } from '../../../../protocol/incidents.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { Entries } from '../ledger/entries.tsx';
import '../ledger/ledger.css';
import { Section, type Working } from './part.tsx';
import { words } from './words.ts';

export function Timeline({ desk, api, path, incident, nameOf }: Working) {
  const pageBefore = (before?: string) =>
    api.get<TimelineAnswer>(`${path}/timeline${before === undefined ? '' : `?before=${before}`}`);
  // What was done in it just now stands there too.
  const key = JSON.stringify([incident.id, incident.state, incident.notes.length, incident.tasks]);
  const loading = useLoading(`timeline ${key}`, () => pageBefore());
  return (
    <Section title={words.timeline}>
      <p class="soft">{words.timelineHow}</p>
      <Loaded of={loading}>
        {(first) => (
          <Entries
            key={key}
            desk={desk}
            nameOf={nameOf}
            first={first}
            isNarrowed={false}
            isPartial={first.archive !== null && incident.beganAt < first.archive}
            pageBefore={pageBefore}
          />
        )}
      </Loaded>
    </Section>
  );
}
