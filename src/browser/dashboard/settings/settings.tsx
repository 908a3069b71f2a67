/** The settings: which of them, and whether whoever opens them may. */
import { useEffect, useRef } from 'preact/hooks';
import { everMay, settingsRights } from '../rights.ts';
import { settingsAddress, settingsGroups, type SettingsScreen } from '../route.ts';
import { Alarms } from './alarms/alarms.tsx';
import { Backups } from './backups/backups.tsx';
import { Incidents } from './incidents/incidents.tsx';
import { Containment } from './containment/containment.tsx';
import { Checks } from './checks/checks.tsx';
import { Keys } from './keys/keys.tsx';
import { Ledger } from './ledger/ledger.tsx';
import { Live } from './live/live.tsx';
import { Organisation } from './organisation/organisation.tsx';
import { Privacy } from './privacy/privacy.tsx';
import { ProcessingRecord } from './processing/processing.tsx';
import { Profiles } from './profiles/profiles.tsx';
import { Replies } from './replies/replies.tsx';
import { People } from './people/people.tsx';
import { Roles } from './roles/roles.tsx';
import type { ScreenProps } from './screen-props.ts';
import './settings.css';
import { Sites } from './sites/sites.tsx';
import { Teams } from './teams/teams.tsx';
import { Training } from './training/training.tsx';
import { Visitors } from './visitors/visitors.tsx';
import { words } from './words.ts';

const views = {
  people: People,
  roles: Roles,
  teams: Teams,
  sites: Sites,
  replies: Replies,
  visitors: Visitors,
  privacy: Privacy,
  organisation: Organisation,
  keys: Keys,
  backups: Backups,
  training: Training,
  checks: Checks,
  profiles: Profiles,
  processing: ProcessingRecord,
  live: Live,
  alarms: Alarms,
  incidents: Incidents,
  containment: Containment,
  ledger: Ledger,
};

export function Settings({ screen, ...props }: ScreenProps & { screen: SettingsScreen }) {
  const View = views[screen];
  const nav = useRef<HTMLElement>(null);
  // On a phone they stand in one line, which is longer than the screen.
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [screen]);
  const allowed = everMay(props.desk.person.value, settingsRights[screen]);
  return (
    <main class="settings">
      <nav ref={nav} aria-label={words.settings}>
        <h2>{words.settings}</h2>
        {(Object.keys(settingsGroups) as (keyof typeof settingsGroups)[]).map((group) => (
          <Group key={group} group={group} screen={screen} />
        ))}
      </nav>
      <div class="settings-content">{allowed ? <View {...props} /> : <NoRight />}</div>
    </main>
  );
}

function Group({ group, screen }: { group: keyof typeof settingsGroups; screen: SettingsScreen }) {
  const id = `settings-group-${group}`;
  return (
    <>
      <h3 id={id}>{words.groups[group]}</h3>
      <ul aria-labelledby={id}>
        {settingsGroups[group].map((each) => (
          <li key={each}>
            <a href={settingsAddress(each)} aria-current={each === screen ? 'page' : undefined}>
              {words.screens[each]}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

function NoRight() {
  return (
    <div class="no-right">
      <h2>{words.noRight.title}</h2>
      <p>{words.noRight.text}</p>
    </div>
  );
}
