/** A part of the page that is fetched when it is first wanted; where that fails, it says so and can be tried again. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { words } from './words.ts';

/** Until it is there, what there is to say stands in `frame`. */
type Frame<Props> = (content: ComponentChildren, failed: boolean, props: Props) => ComponentChildren;

export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  frame: Frame<NoInfer<Props>> = (content) => <div class="lazy">{content}</div>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Lazy(props: Props) {
    const Part = useSignal<ComponentType<Props> | null>(loaded);
    const failed = useSignal(false);
    const begin = () => {
      failed.value = false;
      load().then(
        (part) => {
          loaded = part;
          Part.value = part;
        },
        () => {
          failed.value = true;
        },
      );
    };
    useEffect(() => {
      if (Part.value === null) begin();
      // Once: what is loaded stays.
    }, []);
    if (Part.value !== null) return <Part.value {...props} />;
    const content = failed.value ? (
      <>
        <Problem text={words.notLoaded} />
        <Button onPress={begin}>{words.retry}</Button>
      </>
    ) : (
      <p class="soft" role="status">
        {words.loading}
      </p>
    );
    return <>{frame(content, failed.value, props)}</>;
  };
}
