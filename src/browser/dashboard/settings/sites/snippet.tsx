/** The line that puts the chat on a website. */
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { Button } from '../../../ui/button.tsx';
import { words } from '../words.ts';

export function Snippet({ site }: { site: string }) {
  const line = `<script src="${location.origin}/loader.js" data-site="${site}" defer></script>`;
  const said = useSignal('');
  const id = useId();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(line);
      said.value = words.sites.copied;
    } catch {
      said.value = words.sites.notCopied;
    }
  };
  return (
    <section class="group snippet" aria-labelledby={id}>
      <h3 id={id}>{words.sites.snippet}</h3>
      <p class="soft">{words.sites.snippetHint}</p>
      <code>{line}</code>
      <div class="form-end">
        <Button onPress={() => void copy()}>{words.sites.copy}</Button>
        <span role="status" class="soft">
          {said.value}
        </span>
      </div>
    </section>
  );
}
