/** Warns whoever writes here before something sensitive goes, and says in the thread what was masked. */
import type { ReadonlySignal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { kindsOf, plainMasking } from '../../../protocol/marks.ts';
import { guard, type Guarded, Lookout, Warning } from '../../ui/warning.ts';
import '../../ui/warning/warning.css';
import { lessonAddress } from '../route.ts';
import type { Here } from './doing.ts';
import { words } from './words.ts';

export { Masked } from '../../ui/warning.ts';

interface Props {
  here: Here;
  form: () => HTMLFormElement | null;
  text: ReadonlySignal<string>;
  /** What sending it is called, where it is not only sent. */
  again?: string;
}

/** Until it is known what its site masks, nobody is warned of more than most sites do. */
const plain = kindsOf(plainMasking);
/** By conversation, for as long as this page lives. */
const lookouts = new Map<string, Lookout>();

/** To be there while there is a text, so that its region is there before what is said in it. */
export function Guard({ here: { desk, room }, form, text, again }: Props) {
  const { client } = room;
  const guarded = useMemo((): Guarded => {
    const lookout = lookouts.get(client.id) ?? new Lookout();
    lookouts.set(client.id, lookout);
    return {
      form,
      text,
      kinds: () => desk.masks(client.conversation.peek()?.site) ?? plain,
      lookout: () => lookout,
    };
  }, [desk, client, text]);
  useLayoutEffect(() => guard(guarded), [guarded]);
  const region = useRef<HTMLDivElement>(null);
  const found = guarded.lookout().found.value;
  // In a window that is higher than the screen it may come out of sight.
  useLayoutEffect(() => {
    if (found !== null) region.current?.scrollIntoView({ block: 'nearest' });
  }, [found]);
  return (
    <div ref={region} role="alert" class="guard">
      <Warning guarded={guarded} {...(again === undefined ? {} : { again })} />
      {found?.text === text.value && found.masked.length > 0 && (
        <span class="rule">
          {words.rule} <a href={lessonAddress('sensitive-data')}>{words.ruleLesson}</a>
        </span>
      )}
    </div>
  );
}
