/** The way back, and what this page is, which is read out as it comes. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { trainingAddress } from '../route.ts';
import { words } from './words.ts';

interface TopProps {
  title: string;
  back?: string;
  to?: string;
  children?: ComponentChildren;
}

export function Top({ title, back = trainingAddress, to = words.back, children }: TopProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <a class="back-link" href={back}>
        <span aria-hidden="true">←</span> {to}
      </a>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </>
  );
}
