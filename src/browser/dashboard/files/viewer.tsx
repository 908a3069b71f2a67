/** A file over the page: a picture that fits or is as large as it is, a player, or what the browser shows by itself. */
import { useSignal } from '@preact/signals';
import type { Group } from '../../../protocol/files.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Dialog } from '../dialog/dialog.tsx';
import './viewer.css';
import { words } from './words.ts';

export interface Viewed {
  name: string;
  group: Group;
  /** Where this browser can load it from. */
  address: string;
}

export function Viewer({ viewed, close }: { viewed: Viewed; close: () => void }) {
  const { name, group, address } = viewed;
  const problem = useSignal<string | null>(null);
  const lost = () => {
    problem.value = words.lost;
  };
  return (
    <Dialog title={name} close={close} kind="full">
      {group === 'image' && problem.value === null ? (
        <Picture name={name} address={address} lost={lost} />
      ) : group === 'audio' || group === 'video' ? (
        <div class="viewer">
          <Player {...viewed} lost={lost} />
        </div>
      ) : (
        // Its own headers keep it from running anything and from reaching out of its frame.
        problem.value === null && <iframe class="viewer-frame" src={address} title={name} />
      )}
      <Problem text={problem.value} />
    </Dialog>
  );
}

function Picture({ name, address, lost }: { name: string; address: string; lost: () => void }) {
  const fits = useSignal(true);
  return (
    <>
      {/* Large enough to scroll, and so to be reached by a keyboard. */}
      <div class="viewer" tabIndex={0} role="region" aria-label={name}>
        <img class={fits.value ? 'fits' : undefined} src={address} alt={name} onError={lost} />
      </div>
      <div class="dialog-footer">
        <Button
          onPress={() => {
            fits.value = !fits.value;
          }}
        >
          {fits.value ? words.actualSize : words.fit}
        </Button>
      </div>
    </>
  );
}

/** Sound or moving pictures. */
export function Player({ name, group, address, lost }: Viewed & { lost: () => void }) {
  const props = {
    src: address,
    controls: true,
    preload: 'metadata',
    'aria-label': name,
    onError: lost,
  } as const;
  return group === 'video' ? <video {...props} playsInline /> : <audio {...props} />;
}
