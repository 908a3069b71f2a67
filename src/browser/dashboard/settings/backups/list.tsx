/** All backups, the newest first, with what each is known by. */
import { useSignal } from '@preact/signals';
import type { BackupView } from '../../../../protocol/backups.ts';
import { Button } from '../../../ui/button.tsx';
import { sizeOf } from '../../../ui/files.ts';
import { Time } from '../../../ui/time.tsx';
import { words } from './words.ts';

/** Those of a week are seen at once. */
const seen = 7;

export function List({ backups }: { backups: readonly BackupView[] }) {
  const said = useSignal('');
  const copy = async ({ number, manifest }: BackupView) => {
    try {
      await navigator.clipboard.writeText(manifest ?? '');
      said.value = words.copied(number);
    } catch {
      said.value = words.notCopied;
    }
  };
  const rows = (some: readonly BackupView[]) => (
    <ul class="rows backups">
      {some.map((backup) => (
        <Row key={backup.number} backup={backup} copy={() => void copy(backup)} />
      ))}
    </ul>
  );
  const older = backups.slice(seen);
  return (
    <>
      <p role="status" class="soft">
        {said.value}
      </p>
      {rows(backups.slice(0, seen))}
      {older.length > 0 && (
        <details class="backups-older">
          <summary>{words.older(older.length)}</summary>
          {rows(older)}
        </details>
      )}
    </>
  );
}

function Row({ backup, copy }: { backup: BackupView; copy: () => void }) {
  const { number, begunAt, isFull, state, bytes, parts, wrong, manifest } = backup;
  const about = [
    isFull ? words.full : words.upon,
    ...(bytes === null ? [] : [sizeOf(bytes)]),
    ...(parts === null ? [] : [words.parts(parts)]),
  ];
  return (
    <li>
      <p class="backup-head">
        <span class="row-name">{words.name(number)}</span>
        <span class={`backup-state ${state}`}>{words.states[state]}</span>
        <span class="soft">
          <Time at={begunAt} />
        </span>
      </p>
      <p class="soft">{about.join(' · ')}</p>
      {wrong !== null && <p class="backup-wrong">{words.wrong(wrong)}</p>}
      {state === 'whole' && manifest !== null && (
        <div class="backup-manifest">
          <p>
            <span class="soft">{words.manifest}</span>
            <code>{manifest}</code>
          </p>
          <Button small label={words.copyOf(number)} onPress={copy}>
            {words.copy}
          </Button>
        </div>
      )}
    </li>
  );
}
