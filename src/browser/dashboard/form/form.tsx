/** A form: what went wrong and that it went well stand beside its button, and it does not let go of what is unsaved. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { words } from '../words.ts';
import { inWords } from './in-words.ts';
import { keepWhile } from './unsaved.ts';
import './form.css';

interface Props {
  children: ComponentChildren;
  action: string;
  submit: () => Promise<void>;
  /** Whether there is anything that is not saved. */
  changed: () => boolean;
  cancel?: (() => void) | undefined;
  /** It takes the place of what was pressed to open it, and never comes by itself. */
  takesFocus?: boolean;
  /** Said after it went well. */
  done?: string;
  /** To look at, for whoever may not change it. */
  readOnly?: boolean;
}

export function Form({
  children,
  action,
  submit,
  changed,
  cancel,
  done,
  takesFocus = false,
  readOnly = false,
}: Props) {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const saved = useSignal(false);
  useEffect(() => keepWhile(changed), [changed]);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (takesFocus) form.current?.querySelector<HTMLElement>('input, select, textarea')?.focus();
  }, []);

  const submitted = async () => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    saved.value = false;
    try {
      await submit();
      saved.value = true;
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };

  return (
    <form
      ref={form}
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submitted();
      }}
    >
      <fieldset class="group" disabled={readOnly}>
        {children}
      </fieldset>
      <Problem text={problem.value} />
      <div class="form-end">
        {!readOnly && (
          <Button submit kind="first" busy={busy.value}>
            {action}
          </Button>
        )}
        {cancel !== undefined && (
          <Button kind="quiet" onPress={cancel}>
            {words.cancel}
          </Button>
        )}
        <span role="status" class="soft">
          {saved.value && !changed() && done}
        </span>
      </div>
    </form>
  );
}
