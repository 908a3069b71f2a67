/** Taking the signed report along. */
import { useSignal } from '@preact/signals';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { download } from '../../download.ts';
import { useDoing } from '../../me/doing.ts';
import type { Session } from '../../session.ts';
import { fetchFile } from '../file.ts';
import { words } from './words.ts';

const formats = ['html', 'json'] as const;

export function Report({ api }: { api: Session['api'] }) {
  const doing = useDoing();
  const said = useSignal('');
  const take = async (format: (typeof formats)[number]) => {
    said.value = words.taking;
    const isTaken = await doing.attempt(async () => {
      const file = await fetchFile(api, `/api/v1/checks/report?format=${format}`);
      download(file, `security-checks-${new Date().toISOString().slice(0, 10)}.${format}`);
    });
    said.value = isTaken ? words.taken : '';
  };
  return (
    <section class="checks-box" aria-labelledby="checks-report">
      <h3 id="checks-report">{words.report}</h3>
      <p class="soft">{words.reportHow}</p>
      <div class="checks-pair">
        {formats.map((format) => (
          <Button key={format} onPress={() => void take(format)}>
            {format === 'html' ? words.page : words.json}
          </Button>
        ))}
      </div>
      <Problem text={doing.problem.value} />
      <p role="status" class="soft">
        {said.value}
      </p>
    </section>
  );
}
