/** Words that staff put on a conversation to find and count it by. */
import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { Here } from '../conversation/doing.ts';
import { inWords } from '../form/in-words.ts';
import { words } from './words.ts';

interface Props {
  here: Here;
  tags: readonly string[];
  mayChange: boolean;
}

export function Tags({ here: { desk, room }, tags, mayChange }: Props) {
  const wanted = useSignal('');
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);
  const box = useRef<HTMLInputElement>(null);
  const id = useId();

  const set = async (changed: readonly string[]) => {
    if (busy.value) return false;
    busy.value = true;
    problem.value = null;
    try {
      await desk.acts.setTags(room.client.id, changed);
      return true;
    } catch (error) {
      problem.value = inWords(error);
      return false;
    } finally {
      busy.value = false;
    }
  };
  const add = async () => {
    const tag = wanted.value.trim();
    if (tag === '') return;
    const why = refused(tag, tags);
    problem.value = why;
    if (why === null && (await set([...tags, tag]))) wanted.value = '';
  };
  return (
    <section class="tags" aria-labelledby={id}>
      <h3 id={id}>{words.tags}</h3>
      {tags.length === 0 && <p class="soft">{words.noTags}</p>}
      {tags.length > 0 && (
        <ul>
          {tags.map((tag) => (
            <li key={tag} class="tag">
              <span dir="auto">{tag}</span>
              {mayChange && (
                <button
                  type="button"
                  aria-label={words.removeTag(tag)}
                  onClick={() => {
                    void set(tags.filter((each) => each !== tag));
                    box.current?.focus();
                  }}
                >
                  <span aria-hidden="true">✕</span>
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayChange && (
        <form
          class="add-tag"
          onSubmit={(event) => {
            event.preventDefault();
            void add();
          }}
        >
          <input
            ref={box}
            id="new-tag"
            aria-label={words.addTag}
            placeholder={words.addTag}
            value={wanted.value}
            dir="auto"
            autocomplete="off"
            onInput={(event) => {
              wanted.value = event.currentTarget.value;
            }}
          />
          <Button submit busy={busy.value}>
            {words.add}
          </Button>
        </form>
      )}
      <Problem text={problem.value} />
    </section>
  );
}

function refused(tag: string, tags: readonly string[]): string | null {
  if (tags.includes(tag)) return words.tagThere;
  if (tags.length >= limits.tags) return words.tagsFull;
  return [...tag].length > limits.tagLength ? words.tagLong : null;
}
