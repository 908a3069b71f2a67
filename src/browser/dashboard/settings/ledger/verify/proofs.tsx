/** Proofs from a file that was verified, for whoever has nothing but its last signed head. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { leafIn, proofOfEntry, proofSince, type Read } from '../../../../../protocol/ledger-proof.ts';
import { Button } from '../../../../ui/button.tsx';
import { Problem } from '../../../../ui/problem.tsx';
import { Line } from '../../../form/field.tsx';
import { Snippet } from '../../snippet.tsx';
import { words } from '../words.ts';
import { piecesOf } from './pieces.ts';
import { whyOf } from './why.ts';

interface Props {
  file: File;
  read: Read;
  /** How many entries the head speaks of that was kept, if one was brought. */
  since: string;
}

export function Proofs({ file, read, since }: Props) {
  const ended = useRef(new AbortController());
  useEffect(() => () => ended.current.abort(), []);
  const ofEntry = async (entry: number) =>
    proofOfEntry(read, entry, await leafIn(piecesOf(file, ended.current.signal), entry));
  return (
    <>
      <h3>{words.proofs}</h3>
      <p>{words.proofsHow}</p>
      <Proof label={words.entryNumber} action={words.proveEntry} first="" make={ofEntry} />
      <Proof
        label={words.earlierSize}
        action={words.proveSince}
        first={since}
        make={(size) => Promise.resolve(proofSince(read, size))}
      />
    </>
  );
}

interface ProofProps {
  label: string;
  action: string;
  first: string;
  make: (number: number) => Promise<string>;
}

function Proof({ label, action, first, make }: ProofProps) {
  const number = useSignal(first);
  const busy = useSignal(false);
  const proof = useSignal<string | null>(null);
  const problem = useSignal<string | null>(null);
  const submit = async () => {
    if (busy.value) return;
    busy.value = true;
    proof.value = problem.value = null;
    try {
      proof.value = await make(Number(number.value));
    } catch (error) {
      problem.value = whyOf(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Line
        label={label}
        value={number.value}
        change={(text) => (number.value = text)}
        input={{ inputMode: 'numeric', pattern: '[0-9]{1,15}', required: true, autocomplete: 'off' }}
      />
      <div class="form-end">
        <Button submit busy={busy.value}>
          {action}
        </Button>
      </div>
      <Problem text={problem.value} />
      <div role="status">{proof.value !== null && <Snippet name={words.proof} text={proof.value} />}</div>
    </form>
  );
}
