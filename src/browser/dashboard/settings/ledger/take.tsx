/** Taking the ledger along: as a table of what is shown, or whole with all that proves it. */
import { useSignal } from '@preact/signals';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { download } from '../../download.ts';
import { inWords } from '../../form/in-words.ts';
import type { Session } from '../../session.ts';
import { type Filter, wishOf } from './filter.ts';
import { fetchFile } from '../file.ts';
import { Part } from './part.tsx';
import { words } from './words.ts';

export function Take({ api, filter }: { api: Session['api']; filter: Filter }) {
  const busy = useSignal<'csv' | 'ndjson' | null>(null);
  const said = useSignal('');
  const problem = useSignal<string | null>(null);
  const take = async (format: 'csv' | 'ndjson') => {
    if (busy.value !== null) return;
    busy.value = format;
    problem.value = null;
    said.value = words.taking;
    try {
      const wish = format === 'csv' ? { format, filter: wishOf(filter) } : { format };
      download(await fetchFile(api, '/api/v1/ledger/export', wish), `ledger.${format}`);
      said.value = words.taken;
    } catch (error) {
      said.value = '';
      problem.value = inWords(error);
    } finally {
      busy.value = null;
    }
  };
  return (
    <Part name={words.take}>
      <p class="soft">{words.takeHow}</p>
      <div class="ledger-pair">
        <div>
          <Button busy={busy.value === 'csv'} onPress={() => void take('csv')}>
            {words.takeTable}
          </Button>
          <p class="soft">{words.takeTableHow}</p>
        </div>
        <div>
          <Button busy={busy.value === 'ndjson'} onPress={() => void take('ndjson')}>
            {words.takeAll}
          </Button>
          <p class="soft">{words.takeAllHow}</p>
        </div>
      </div>
      <Problem text={problem.value} />
      <p role="status" class="soft">
        {said.value}
      </p>
    </Part>
  );
}
