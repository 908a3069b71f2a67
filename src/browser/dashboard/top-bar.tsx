/** The dashboard's top: where one can go, every command, and whoever sits here. */
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { inWords, onMac } from './commands/keys.ts';
import { commands } from './commands/table.ts';
import type { Desk } from './desk.ts';
import { PersonMenu } from './person-menu.tsx';
import { everMay, settingsRights } from './rights.ts';
import { homeAddress, route, settingsAddress, settingsScreens } from './route.ts';
import type { Screen } from './screen.ts';
import { words } from './words.ts';

interface Props {
  desk: Desk;
  screen: Screen;
  signOut: () => void;
  problem: string | null;
}

export function TopBar({ desk, screen, signOut, problem }: Props) {
  const settings = settingsFor(desk);
  const { at } = route.value;
  const inInbox = at === 'home' || at === 'conversation';
  return (
    <header class="top-bar">
      <h1>{words.product}</h1>
      {settings !== null && (
        <nav aria-label={words.areas}>
          <a href={homeAddress} aria-current={inInbox ? 'page' : undefined}>
            {words.inbox}
          </a>
          <a href={settings} aria-current={at === 'settings' ? 'page' : undefined}>
            {words.settings}
          </a>
        </nav>
      )}
      <div class="top-bar-space">
        <Problem text={problem} />
      </div>
      <Button kind="quiet" onPress={() => screen.open('palette')}>
        {words.findCommand} <kbd class="hint">{inWords(commands.palette.keys[0], onMac())}</kbd>
      </Button>
      <PersonMenu desk={desk} screen={screen} signOut={signOut} />
    </header>
  );
}

/** The first of the settings that this person may open; null if there is none. */
function settingsFor(desk: Desk): string | null {
  const me = desk.person.value;
  const first = settingsScreens.find((screen) => everMay(me, settingsRights[screen]));
  return first === undefined ? null : settingsAddress(first);
}
