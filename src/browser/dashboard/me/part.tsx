/** One part of the page: its heading, and what went wrong in it. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { MyAnswer } from '../../../protocol/sign-in.ts';
import { Problem } from '../../ui/problem.tsx';
import type { Session } from '../session.ts';
import type { Doing } from './doing.ts';

/** What each part is given: how things stand, and how they are looked at anew. */
export interface PartProps {
  api: Session['api'];
  mine: MyAnswer;
  again: () => void;
}

interface Props {
  title: string;
  doing: Doing;
  children: ComponentChildren;
}

export function Part({ title, doing, children }: Props) {
  const id = useId();
  return (
    <section class="part" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
      <Problem text={doing.problem.value} />
    </section>
  );
}
