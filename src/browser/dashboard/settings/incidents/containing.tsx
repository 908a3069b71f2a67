/** What can contain the incident, as its runbook offers it: each leads to where it is done, and takes along what is known. */
import type { ContainingAct } from '../../../../protocol/containment.ts';
import { isId } from '../../../../protocol/ids.ts';
import type { Runbook } from '../../../../protocol/incidents.ts';
import { everMay } from '../../rights.ts';
import { containmentAddress, settingsAddress } from '../../route.ts';
import { words as emergency } from '../containment/words.ts';
import { Section, type Working } from './part.tsx';
import { words } from './words.ts';

export function Containing({ working, runbook }: { working: Working; runbook: Runbook }) {
  const { incident, desk } = working;
  const me = desk.person.value;
  if (incident.state === 'closed') return null;
  const mayContain = everMay(me, 'incident.contain');
  const linkOf = (act: ContainingAct) => {
    if (act === 'keys') return everMay(me, 'keys.rotate') ? settingsAddress('keys') : null;
    return mayContain ? containmentAddress(act, toldOf(working, act)) : null;
  };
  return (
    <Section title={words.containing}>
      <p class="soft">{mayContain ? words.containingHow : words.containingNot}</p>
      <ul class="incident-steps">
        {runbook.contain.map((act) => (
          <li key={act}>
            <Leading to={linkOf(act)}>{emergency.acts[act].name}</Leading>
          </li>
        ))}
        {mayContain && everMay(me, 'ledger.read') && (
          <li>
            <Leading to={containmentAddress('radius', toldOf(working, 'radius'))}>
              {emergency.radius.title}
            </Leading>
          </li>
        )}
      </ul>
    </Section>
  );
}

function Leading({ to, children }: { to: string | null; children: string }) {
  return to === null ? <>{children}</> : <a href={to}>{children}</a>;
}

/** Why, since when, and of which account or site. */
function toldOf({ incident }: Working, act: ContainingAct | 'radius'): Record<string, string> {
  const { kind, drill, beganAt, things } = incident;
  const about = things.find((id) => isId(act === 'site' ? 'site' : 'person', id));
  return {
    reason: drill ? 'drill' : words.reasonOf[kind],
    from: String(beganAt),
    ...(about !== undefined && { about }),
  };
}
