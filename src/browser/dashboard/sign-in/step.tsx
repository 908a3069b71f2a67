/** The frame of every step of signing in: one card with a heading, fields, and what went wrong. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
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
}

export function Step({ title, action, children, submit, below }: Props) {
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);

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
        <h1>{title}</h1>
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
