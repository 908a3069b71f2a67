/** Asks why somebody does something, and does it then. What was said is kept with it. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Area } from '../form/field.tsx';
import { inWords } from '../form/in-words.ts';
import { useKept } from '../form/kept.ts';
import { words } from '../words.ts';
import { Dialog } from './dialog.tsx';

export interface ReasonWanted {
  /** What it is for, by which what was typed is kept through a lock. */
  name: string;
  title: string;
  /** Each is a paragraph. */
  text: readonly string[];
  label: string;
  action: string;
  danger?: boolean;
  /** The window stays until this is done, and says what went wrong. */
  submit: (reason: string) => Promise<void>;
}

export function Reason({ wanted, close }: { wanted: ReasonWanted; close: () => void }) {
  const { name, title, text, label, action, danger = false, submit } = wanted;
  const reason = useKept(name, '');
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  // Whoever closes it while it is being done hears no more of it here.
  const gone = useRef(false);
  useEffect(() => () => void (gone.current = true), []);
  const submitted = async () => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      await submit(reason.value.trim());
      if (!gone.current) close();
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <Dialog title={title} close={close} unsaved={() => reason.value.trim() !== ''}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submitted();
        }}
      >
        <div class="dialog-body">
          {text.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          <Area
            label={label}
            value={reason.value}
            change={(value) => {
              reason.value = value;
            }}
            check={(value) => (value.trim() === '' ? words.reasonMissing : null)}
            area={{ required: true, maxLength: limits.reason, dir: 'auto', rows: 2 }}
          />
          <Problem text={problem.value} />
        </div>
        <div class="dialog-footer">
          <Button onPress={close}>{words.cancel}</Button>
          <Button submit kind={danger ? 'danger' : 'first'} busy={busy.value}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
