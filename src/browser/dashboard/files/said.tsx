/** A file in the thread as staff see it: covered where it is sensitive, closed where nobody could scan it. */
import { useSignal } from '@preact/signals';
import type { FileView } from '../../../protocol/frames.ts';
import { Button } from '../../ui/button.tsx';
import { type As, File, nameOf } from '../../ui/files.ts';
import '../../ui/files/files.css';
import type { Here } from '../conversation/doing.ts';
import { offeredIn } from '../conversation/what-may.ts';
import { coversOf } from './covers.ts';
import { openFile, releaseFile, viewFile } from './doing.ts';
import './files.css';
import { words } from './words.ts';

export function SaidFile({ here, file }: { here: Here; file: FileView }) {
  const { desk, room } = here;
  const shown = useSignal<string | null>(null);
  /** To hide it, it is drawn anew as it was. */
  const times = useSignal(0);
  const me = desk.person.value;
  const name = nameOf(file);
  const { about, state } = file;
  const mayOpen = offeredIn(room, 'openFile', me);
  const open = async (as: As) => {
    const address = await openFile(here, file, as);
    if (as === 'show') shown.value = address;
    return address;
  };
  const isOpen = mayOpen && (state === 'clean' || state === 'released');
  return (
    <File key={times.value} file={file} open={mayOpen ? open : null} cover={coversOf(file)}>
      {isOpen && about !== null && (about.group === 'pdf' || about.group === 'text') && (
        <Button small label={words.viewThis(name)} onPress={() => void viewFile(here, file)}>
          {words.view}
        </Button>
      )}
      {isOpen && shown.value !== null && (
        <>
          {about?.group === 'image' && (
            <Button
              small
              label={words.enlargeThis(name)}
              onPress={() => void viewFile(here, file, shown.value)}
            >
              {words.enlarge}
            </Button>
          )}
          <Button
            small
            label={words.hideThis(name)}
            onPress={() => {
              shown.value = null;
              times.value++;
            }}
          >
            {words.hide}
          </Button>
        </>
      )}
      {state === 'unscanned' && offeredIn(room, 'releaseFile', me) && (
        <Button small label={words.releaseThis(name)} onPress={() => releaseFile(here, file)}>
          {words.release}
        </Button>
      )}
      {about?.secrets === true && <p class="secrets-mark">{words.secrets}</p>}
    </File>
  );
}
