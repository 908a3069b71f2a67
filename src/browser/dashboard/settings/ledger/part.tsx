/** A part of the screen that is folded away until somebody wants it; what is in it comes then, and stays. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

export function Part({ name, children }: { name: string; children: ComponentChildren }) {
  const wanted = useSignal(false);
  return (
    <details
      onToggle={({ currentTarget }) => {
        if (currentTarget.open) wanted.value = true;
      }}
    >
      <summary class="button">{name}</summary>
      {wanted.value && <div class="ledger-part">{children}</div>}
    </details>
  );
}
