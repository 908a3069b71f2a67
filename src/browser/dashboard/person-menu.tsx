/** Whoever sits here: how others see them, how this page calls them, and the way out. */
import { useRef } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import type { Desk } from './desk.ts';
import { Tick } from './form/field.tsx';
import './menu/menu.css';
import { placeAt } from './menu/place.ts';
import { askPermission, permission } from './notices/desktop.ts';
import { preferences } from './preferences.ts';
import { myAddress, trainingAddress } from './route.ts';
import type { Screen } from './screen.ts';
import { roleNameOf, words } from './words.ts';

interface Props {
  desk: Desk;
  screen: Screen;
  signOut: () => void;
}

export function PersonMenu({ desk, screen, signOut }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const { name } = desk.person.value;
  const { chosen, idle, standing } = desk.presence;
  const close = () => panel.current?.hidePopover();
  return (
    <>
      <button ref={button} type="button" class="button quiet person" popovertarget="person-menu">
        <span class={`presence-dot ${standing.value}`} aria-hidden="true" />
        <span class="person-name">{name}</span>
        <span class="soft person-standing">
          {roleNameOf(desk.person.value)} · {words.presences[standing.value]}
        </span>
      </button>
      <div
        ref={panel}
        id="person-menu"
        popover="auto"
        class="menu"
        role="group"
        aria-label={words.menu}
        onToggle={(event) => {
          if (event.newState === 'open' && panel.current !== null && button.current !== null)
            placeAt(panel.current, button.current);
        }}
      >
        <fieldset>
          <legend>{words.presence}</legend>
          {(['available', 'away'] as const).map((each) => (
            <label key={each} class="tick">
              <input
                type="radio"
                name="presence"
                checked={chosen.value === each}
                onChange={() => desk.presence.choose(each)}
              />
              <span>{words.presences[each]}</span>
            </label>
          ))}
          {idle.value && <p class="soft">{words.idle}</p>}
        </fieldset>
        <hr />
        <Tick
          label={words.sound}
          checked={preferences.sound.value}
          change={(on) => {
            preferences.sound.value = on;
          }}
        />
        <Tick
          label={words.singleKeys}
          checked={preferences.singleKeys.value}
          change={(on) => {
            preferences.singleKeys.value = on;
          }}
        />
        <DesktopNotices />
        <hr />
        <a class="button quiet" href={myAddress} onClick={close}>
          {words.mySignIn}
        </a>
        <a class="button quiet" href={trainingAddress} onClick={close}>
          {words.myLessons}
        </a>
        <Button
          kind="quiet"
          onPress={() => {
            close();
            screen.open('help');
          }}
        >
          {words.help}
        </Button>
        <Button
          kind="quiet"
          onPress={() => {
            close();
            signOut();
          }}
        >
          {words.signOut}
        </Button>
      </div>
    </>
  );
}

function DesktopNotices() {
  if (permission.value === 'impossible') return null;
  return (
    <p class="desktop-notices">
      <span>{words.notices.label}</span>
      {permission.value === 'default' ? (
        <Button small onPress={() => void askPermission()}>
          {words.notices.turnOn}
        </Button>
      ) : (
        <span class="soft">{permission.value === 'granted' ? words.notices.on : words.notices.blocked}</span>
      )}
    </p>
  );
}
