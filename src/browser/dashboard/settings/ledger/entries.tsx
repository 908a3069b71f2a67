/** What was found, the newest first, and more of it page by page. */
import { useSignal } from '@preact/signals';
import type { LedgerAnswer, LedgerEntry } from '../../../../protocol/ledger.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import type { Desk } from '../../desk.ts';
import { inWords } from '../../form/in-words.ts';
import { may } from '../../rights.ts';
import { Entry } from './entry.tsx';
import type { NameOf } from './saying.ts';
import { words } from './words.ts';

interface Props {
  desk: Desk;
  nameOf: NameOf;
  first: LedgerAnswer;
  /** Whether anything was looked for. */
  isNarrowed: boolean;
  pageBefore: (before: string) => Promise<LedgerAnswer>;
}

export function Entries({ desk, nameOf, first, isNarrowed, pageBefore }: Props) {
  const more = useSignal<readonly LedgerEntry[]>([]);
  const next = useSignal(first.next);
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const entries = [...first.entries, ...more.value];
  const fetchMore = async () => {
    if (busy.value || next.value === null) return;
    busy.value = true;
    problem.value = null;
    try {
      const page = await pageBefore(next.value);
      more.value = [...more.value, ...page.entries];
      next.value = page.next;
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  const me = desk.person.value;
  const mayOpen = (conversation: string) =>
    may(me, 'conversation.read') || desk.entries.value?.some(({ id }) => id === conversation) === true;
  const older = next.value === null && first.archived > 0 && (
    <p class="soft">{words.archived(first.archived)}</p>
  );
  if (entries.length === 0)
    return (
      <>
        <p class="nothing">{isNarrowed ? words.noneFound : words.none}</p>
        {older}
      </>
    );
  return (
    <>
      <ol class="rows" aria-label={words.list}>
        {entries.map((entry) => (
          <Entry key={entry.seq} entry={entry} now={desk.now.value} nameOf={nameOf} mayOpen={mayOpen} />
        ))}
      </ol>
      <Problem text={problem.value} />
      <div class="form-end">
        {next.value !== null && (
          <Button busy={busy.value} onPress={() => void fetchMore()}>
            {words.more}
          </Button>
        )}
        <span role="status" class="soft">
          {words.shown(entries.length, next.value === null)}
        </span>
      </div>
      {older}
    </>
  );
}
