/** How hard to guess a password is that somebody is choosing. The server decides; until this is loaded nothing shows. */
import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Strength } from '../../../protocol/password.ts';
import { words } from '../words.ts';
import './strength.css';

/** It is looked at once the typing pauses, in milliseconds: a look may take some. */
const pause = 250;
const strongest = 4;

export function StrengthMeter({ password }: { password: ReadonlySignal<string> }) {
  const strength = useSignal<Strength | null>(null);
  const typed = password.value;
  useEffect(() => {
    let over = false;
    const timer = setTimeout(() => {
      void strengthOf(typed).then((found) => {
        if (!over) strength.value = found;
      });
    }, pause);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [typed]);
  const shown = typed === '' ? null : strength.value;
  return (
    <div class="strength">
      <div class={`bar level-${shown ?? 'none'}`} aria-hidden="true">
        {Array.from({ length: strongest }, (_, index) => (
          <span key={index} class={index < (shown ?? 0) ? 'full' : ''} />
        ))}
      </div>
      <p role="status" class="soft">
        {shown === null ? '' : words.passwordStrength[shown]}
      </p>
    </div>
  );
}

/** Null if what tells can not be had. */
async function strengthOf(password: string): Promise<Strength | null> {
  if (password === '') return null;
  try {
    const part = await import('../../../protocol/password.ts');
    return await part.strengthOf(password, [location.hostname]);
  } catch {
    return null;
  }
}
