/** The frame of every step of signing in: one card with a heading, fields, and what went wrong. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ApiError } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import './sign-in.css';

interface Props {
  title: string;
  action: string;
  children: ComponentChildren;
  submit: () => Promise<void>;
  below?: ComponentChildren;
  /** For a step that is read before anything is typed: its heading gets the focus. */
  startsAtHeading?: boolean;
}

export function Step({ title, action, children, submit, below, startsAtHeading = false }: Props) {
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (startsAtHeading) heading.current?.focus();
  }, [startsAtHeading]);

  const submitted = async () => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      await submit();
    } catch (error) {
      problem.value =
        error instanceof ApiError || error instanceof RangeError ? error.message : String(error);
    } finally {
      busy.value = false;
    }
  };

  return (
    <main class="sign-in">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void submitted();
        }}
      >
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
        <Problem text={problem.value} />
        <Button submit kind="first" busy={busy.value}>
          {action}
        </Button>
        {below}
      </form>
    </main>
  );
}
