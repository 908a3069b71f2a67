/** What can contain the incident, as its runbook offers it. */
import { containments, type Runbook } from '../../../../protocol/incidents.ts';
import { Section, type Working } from './part.tsx';
import { words } from './words.ts';

export function Containing({ working: { incident }, runbook }: { working: Working; runbook: Runbook }) {
  if (incident.state === 'closed') return null;
  return (
    <Section title={words.containing}>
      <ul class="incident-steps">
        {words.containments(runbook.contain, containments).map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </Section>
  );
}
