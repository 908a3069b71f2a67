/** Shows the question that is being asked. The way back is at hand first. */
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { words } from '../words.ts';
import { question } from './ask.ts';
import './dialog.css';

export function Question() {
  const asked = question.value;
  return asked === null ? null : <Asking key={asked.title} {...asked} />;
}

type Asked = NonNullable<(typeof question)['value']>;

function Asking({ title, text, yes, danger = false, answer }: Asked) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      class="dialog box"
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
      onClose={() => answer(false)}
    >
      <div class="dialog-content">
        <div class="dialog-header">
          <h2 id={`${id}-title`}>{title}</h2>
        </div>
        <div class="dialog-body">
          <p id={`${id}-text`}>{text}</p>
        </div>
        <div class="dialog-footer">
          <Button onPress={() => answer(false)}>{words.cancel}</Button>
          <Button kind={danger ? 'danger' : 'first'} onPress={() => answer(true)}>
            {yes}
          </Button>
        </div>
      </div>
    </dialog>
  );
}
