/** Says to whoever watches without being shown that they do, and leads to being there like everybody. */
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { type Here, join } from './doing.ts';
import { words } from './words.ts';

export function Watching(here: Here) {
  const { client } = here.room;
  const connection = client.connection.value;
  const reason = connection.is === 'stopped' ? connection.reason : null;
  const saying = reason === null ? words.watching : words.notWatching[reason];
  if (saying === undefined) return <Banner state={connection} tryNow={() => client.tryNow()} />;
  return (
    <div class="banner watching" role="status">
      <span>{saying}</span>
      <Button small onPress={() => join(here)}>
        {words.join}
      </Button>
    </div>
  );
}
