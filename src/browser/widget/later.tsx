/** Shows a part of the widget that is fetched when it is first needed. */
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { words } from '../ui/words.ts';
import { fetched } from './parts.ts';

type Part<Props> = (props: Props) => ComponentChild;

export function later<Props extends object>(load: () => Promise<Part<Props>>): Part<Props> {
  const part = signal<{ is: Part<Props> } | { failed: string } | null>(null);
  const fetchIt = async () => {
    try {
      part.value = { is: await fetched(load()) };
    } catch (error) {
      part.value = { failed: error instanceof Error ? error.message : '' };
    }
  };
  return function Later(props: Props) {
    useEffect(() => {
      if (part.peek() === null) void fetchIt();
    }, []);
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
  };
}
