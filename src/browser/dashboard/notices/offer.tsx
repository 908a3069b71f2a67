/** Offers desktop notices, once and without pressing. */
import { Button } from '../../ui/button.tsx';
import { preferences } from '../preferences.ts';
import { words } from '../words.ts';
import { askPermission, permission } from './desktop.ts';

export function NoticeOffer() {
  if (preferences.noticesOffered.value || permission.value !== 'default') return null;
  const answered = () => {
    preferences.noticesOffered.value = true;
  };
  return (
    <section class="offer" aria-label={words.notices.label}>
      <p>{words.notices.offer}</p>
      <div class="offer-answers">
        <Button
          small
          onPress={() => {
            void askPermission().finally(answered);
          }}
        >
          {words.notices.accept}
        </Button>
        <Button small kind="quiet" onPress={answered}>
          {words.notices.decline}
        </Button>
      </div>
    </section>
  );
}
