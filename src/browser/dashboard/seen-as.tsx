/** Says that everything is shown as another role would see it, and leads back. */
import { Button } from '../ui/button.tsx';
import { goTo, settingsAddress } from './route.ts';
import type { Session } from './session.ts';
import { roleNameOf, words } from './words.ts';

export function SeenAsBanner({ session: { seenAs } }: { session: Session }) {
  const role = seenAs.value;
  if (role === null) return null;
  return (
    <div class="banner" role="status">
      <span>{words.seenAs(roleNameOf(role))}</span>
      <Button
        small
        onPress={() => {
          seenAs.value = null;
          goTo(settingsAddress('roles', role.role));
        }}
      >
        {words.seenAsBack}
      </Button>
    </div>
  );
}
