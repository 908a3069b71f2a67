/** The top of a settings screen: its name, the way back to the list, and what can be made here. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { words } from './words.ts';

interface Props {
  title: string;
  back?: string;
  children?: ComponentChildren;
}

export function Heading({ title, back, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The screen before this one has gone, and the focus with it.
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement === null) heading.current?.focus();
  }, []);
  return (
    <>
      {back !== undefined && (
        <a class="back-link" href={back}>
          <span aria-hidden="true">←</span> {words.back}
        </a>
      )}
      <header class="settings-heading">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {children}
      </header>
    </>
  );
}
