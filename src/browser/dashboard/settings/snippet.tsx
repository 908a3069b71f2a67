/** Lines to be copied elsewhere. */
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { words } from './words.ts';

/** @param name what is copied, for who does not see it beside its button */
export function Snippet({ name, text }: { name: string; text: string }) {
  const said = useSignal('');
  const id = useId();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.value = words.sites.copied;
    } catch {
      said.value = words.sites.notCopied;
    }
  };
  return (
    <div class="snippet">
      <code id={id} tabIndex={0} aria-label={name}>
        {text}
      </code>
      <div class="form-end">
        <Button label={words.sites.copyIt(name)} onPress={() => void copy()}>
          {words.sites.copy}
        </Button>
        <span role="status" class="soft">
          {said.value}
        </span>
      </div>
    </div>
  );
}
