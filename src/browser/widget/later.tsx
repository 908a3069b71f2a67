/** Shows a part of the widget that is fetched when it is first needed. */
import { signal } from '@preact/signals-core';
import type { ComponentClass, ComponentType } from 'preact';
import { Button } from '../ui/button.tsx';
import { words } from '../ui/words.ts';
import { live } from './live.ts';
import { fetched } from './parts.ts';

/** @param name what the module calls it */
export function later<Name extends string, Props extends object>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
): ComponentClass<Props> {
  const part = signal<{ is: ComponentType<Props> } | { failed: string } | null>(null);
  const fetchIt = async () => {
    try {
      part.value = { is: (await fetched(load()))[name] };
    } catch (error) {
      part.value = { failed: error instanceof Error ? error.message : '' };
    }
  };
  return live(
    (props: Props) => {
      if (part.value === null) return null;
      if ('is' in part.value) return <part.value.is {...props} />;
      return (
        <p role="alert" class="problem">
          {part.value.failed}{' '}
          <Button small onPress={() => void fetchIt()}>
            {words.retry}
          </Button>
        </p>
      );
    },
    () => {
      if (part.peek() === null) void fetchIt();
      return undefined;
    },
  );
}
