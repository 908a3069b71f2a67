/** Shows that a proof is asked for. What it is given with is fetched then. */
import { useEffect } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { Dialog } from '../dialog/dialog.tsx';
import { lazy } from '../lazy.tsx';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { asked, askForProof } from './asked.ts';

const Proof = lazy(async () => (await import('./proof.tsx')).Proof, inWindow);

interface Answering {
  why: string;
  answer: (given: boolean) => void;
}

/** Nothing flashes up while it comes; only if it does not come there is something to say. */
function inWindow(content: ComponentChildren, failed: boolean, { answer }: Answering) {
  if (!failed) return null;
  return (
    <Dialog title={words.product} close={() => answer(false)}>
      <div class="dialog-body">{content}</div>
    </Dialog>
  );
}

export function StepUp({ api }: { api: Session['api'] }) {
  useEffect(() => {
    api.stepUp = askForProof;
    return () => {
      api.stepUp = null;
      asked.peek()?.answer(false);
    };
  }, [api]);
  return asked.value === null ? null : <Proof api={api} {...asked.value} />;
}
