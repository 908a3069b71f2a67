/** Taking the ledger along: what is shown as a table or as lines, or all of it with what proves it. */
import { useSignal } from '@preact/signals';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { download } from '../../download.ts';
import { Encrypting, encryptionAsked, useEncryption } from '../../form/encryption.tsx';
import { inWords } from '../../form/in-words.ts';
import type { Session } from '../../session.ts';
import { type Filter, wishOf } from './filter.ts';
import { fetchFile } from '../file.ts';
import { Part } from './part.tsx';
import { words } from './words.ts';

type What = 'table' | 'lines' | 'whole';

/** What the server is asked for, and what the file is called. */
const wishes = {
  table: (filter: object) => ({ name: 'ledger.csv', format: 'csv', filter }),
  lines: (filter: object) => ({ name: 'ledger-selection.ndjson', format: 'ndjson', filter }),
  whole: () => ({ name: 'ledger.ndjson', format: 'ndjson' }),
};

export function Take({ api, filter }: { api: Session['api']; filter: Filter }) {
  const busy = useSignal<What | null>(null);
  const encryption = useEncryption('what is taken along of the ledger');
  const said = useSignal('');
  const problem = useSignal<string | null>(null);
  const take = async (what: What) => {
    if (busy.value !== null) return;
    busy.value = what;
    problem.value = null;
    said.value = words.taking;
    try {
      const { name, ...wish } = wishes[what](wishOf(filter));
      const asked = encryptionAsked(encryption);
      const blob = await fetchFile(api, '/api/v1/ledger/export', { ...wish, ...asked });
      download(blob, asked.openpgp === undefined ? name : `${name}.pgp`);
      said.value = words.taken;
    } catch (error) {
      said.value = '';
      problem.value = inWords(error);
    } finally {
      busy.value = null;
    }
  };
  const choices = [
    ['table', words.takeTable, words.takeTableHow],
    ['lines', words.takeLines, words.takeLinesHow],
    ['whole', words.takeAll, words.takeAllHow],
  ] as const;
  return (
    <Part name={words.take}>
      <p class="soft">{words.takeHow}</p>
      <Encrypting of={encryption} />
      <div class="ledger-pair">
        {choices.map(([what, name, how]) => (
          <div key={what}>
            <Button busy={busy.value === what} onPress={() => void take(what)}>
              {name}
            </Button>
            <p class="soft">{how}</p>
          </div>
        ))}
      </div>
      <Problem text={problem.value} />
      <p role="status" class="soft">
        {said.value}
      </p>
    </Part>
  );
}
