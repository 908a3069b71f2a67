/** All files of this conversation, the newest first; what can be shown opens over the page. */
import { useEffect } from 'preact/hooks';
import type { FilesAnswer } from '../../../protocol/file-bodies.ts';
import type { FileView } from '../../../protocol/frames.ts';
import { nameOf, save, sizeOf, standing } from '../../ui/files.ts';
import { Time } from '../../ui/time.tsx';
import { nameOfAuthor } from '../conversation/about.ts';
import type { Here } from '../conversation/doing.ts';
import { offeredIn } from '../conversation/what-may.ts';
import { coversOf } from '../files/covers.ts';
import { openFile, viewFile } from '../files/doing.ts';
import { words as fileWords } from '../files/words.ts';
import { Loaded, useLoading } from '../form/loaded.tsx';
import { words } from './words.ts';

export function FileList({ here }: { here: Here }) {
  const { desk, room } = here;
  const loading = useLoading(`files ${room.client.id}`, () => desk.acts.files(room.client.id));
  // What comes, and what becomes of those that are there, is told in the thread.
  const told = room.client.messages.value.map(({ file, removed }) => file && JSON.stringify([file, removed]));
  useEffect(() => {
    if (loading.state.peek().is !== 'loading') loading.again();
  }, [told.join('')]);
  return (
    <Loaded of={loading}>
      {(files) =>
        files.length === 0 ? (
          <p class="soft">{words.noFiles}</p>
        ) : (
          <ul class="files" aria-label={words.files}>
            {files.map((sent) => (
              <Sent key={sent.file.id} here={here} {...sent} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

type SentFile = FilesAnswer['files'][number];

function Sent({ here, at, from, file }: SentFile & { here: Here }) {
  const { desk, room, screen } = here;
  const name = nameOf(file);
  const isOpen = file.state === 'clean' || file.state === 'released';
  const shows = file.about?.shown === true;
  const open = () => (shows ? viewFile(here, file) : screen.attempt('save a file', () => saved(here, file)));
  return (
    <li>
      {isOpen && offeredIn(room, 'openFile', desk.person.value) ? (
        <button
          type="button"
          class="file-link"
          aria-label={(shows ? fileWords.viewThis : fileWords.saveThis)(name)}
          onClick={() => void open()}
        >
          <bdi>{name}</bdi>
        </button>
      ) : (
        <bdi>{name}</bdi>
      )}
      <p class="soft">
        {nameOfAuthor(from, room, desk)} · <Time at={at} /> · {sizeOf(file.bytes)}
      </p>
      {[...standing(file), ...(isOpen ? coversOf(file) : [])].map((line) => (
        <p key={line} class="soft">
          {line}
        </p>
      ))}
    </li>
  );
}

async function saved(here: Here, file: FileView): Promise<void> {
  const address = await openFile(here, file, 'save');
  if (address !== null) await save(address, nameOf(file));
}
