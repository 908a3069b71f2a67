/** Ten ways in for the day the phone is gone, shown once: to be kept before anything else. */
import { useSignal } from '@preact/signals';
import { Button } from '../../ui/button.tsx';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { StartOver } from './code-step.tsx';
import { RecoveryField } from './recovery-field.tsx';
import { Step } from './step.tsx';

interface Props {
  session: Session;
  token: string;
  codes: readonly string[];
}

export function CodesStep({ session, token, codes }: Props) {
  const code = useSignal('');
  const copied = useSignal('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(codes.join('\n'));
      copied.value = words.codesCopied;
    } catch {
      copied.value = words.codesNotCopied;
    }
  };
  return (
    <Step
      title={words.codesTitle}
      startsAtHeading
      action={words.codesDone}
      submit={() => session.finishEnrolment(token, code.value)}
      below={<StartOver session={session} />}
    >
      <p>{words.codesHow}</p>
      <ol class="codes">
        {codes.map((each) => (
          <li key={each}>
            <code>{each}</code>
          </li>
        ))}
      </ol>
      <div class="keeping">
        <Button small onPress={() => download(codes)}>
          {words.codesDownload}
        </Button>
        <Button small onPress={() => window.print()}>
          {words.codesPrint}
        </Button>
        <Button small onPress={() => void copy()}>
          {words.codesCopy}
        </Button>
        <span role="status" class="soft">
          {copied.value}
        </span>
      </div>
      <RecoveryField label={words.codesBack} value={code} takesFocus={false} />
    </Step>
  );
}

/** As a text file, with where they are for, and nothing that says whose they are. */
function download(codes: readonly string[]): void {
  const text = [words.codesFile(location.host), '', ...codes, ''].join('\n');
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'sotto-recovery-codes.txt';
  link.click();
  URL.revokeObjectURL(address);
}
