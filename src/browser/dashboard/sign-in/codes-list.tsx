/** Recovery codes, and the ways to keep them. */
import { useSignal } from '@preact/signals';
import { Button } from '../../ui/button.tsx';
import { download } from '../download.ts';
import { words } from '../words.ts';
import './codes.css';

interface Props {
  codes: readonly string[];
  /** What is downloaded is called, and what its first line says. */
  file?: { name: string; title: string };
}

const recoveryFile = { name: 'sotto-recovery-codes.txt', title: words.codesFile(location.host) };

export function CodesList({ codes, file = recoveryFile }: Props) {
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
    <>
      <ol class="codes">
        {codes.map((each) => (
          <li key={each}>
            <code>{each}</code>
          </li>
        ))}
      </ol>
      <div class="keeping">
        <Button small onPress={() => download(textFile(codes, file.title), file.name)}>
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
    </>
  );
}

/** With where they are for, and nothing that says whose they are. */
function textFile(codes: readonly string[], title: string): Blob {
  return new Blob([[title, '', ...codes, ''].join('\n')], { type: 'text/plain' });
}
