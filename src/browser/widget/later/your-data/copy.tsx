/** A copy of everything: having it made, how far it is, and taking it along. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CopyView } from '../../../../protocol/copies.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { momentOf } from './dates.ts';
import { focusIfLost } from './lost.ts';
import { type Mine, type OwnData, whyNot } from './mine.ts';
import { useTrying } from './trying.ts';
import { words } from './words.ts';

/** How often one that is being made is looked at. */
const lookAgain = 2_000;

export function Copy({ data, mine }: { data: OwnData; mine: NonNullable<Mine['shown']> }) {
  const handed = new Set(mine.requests.map((request) => request.copy?.id));
  const [copy, setCopy] = useState<CopyView | null>(mine.copies.find(({ id }) => !handed.has(id)) ?? null);
  const title = useRef<HTMLHeadingElement>(null);
  const { busy, problem, say, attempt } = useTrying();
  useEffect(() => focusIfLost(title.current));
  useEffect(() => {
    if (copy?.state !== 'making') return undefined;
    const timer = setTimeout(() => {
      data.look(copy.id).then(setCopy, (error: unknown) => {
        say(whyNot(error));
        // What can't be looked at now may be there at the next look.
        setCopy({ ...copy });
      });
    }, lookAgain);
    return () => clearTimeout(timer);
  }, [copy]);
  const begin = () => attempt(async () => setCopy((await data.beginCopy()) ?? copy));
  return (
    <section aria-labelledby="your-data-copy">
      <h3 ref={title} id="your-data-copy" tabIndex={-1}>
        {words.copy}
      </h3>
      <p>{words.copyText}</p>
      <p role="status">
        {copy?.state === 'making' && words.copyMaking(copy.done)}
        {copy?.state === 'ready' && words.copyReady(momentOf(copy.until))}
      </p>
      <Problem text={problem} />
      {copy === null && (
        <Button kind="first" busy={busy} onPress={() => void begin()}>
          {words.copyGet}
        </Button>
      )}
      {copy?.state === 'ready' && <SaveCopy data={data} id={copy.id} />}
    </section>
  );
}

export function SaveCopy({ data, id }: { data: OwnData; id: string }) {
  const { busy, problem, attempt } = useTrying();
  const [saved, setSaved] = useState(false);
  const save = () => attempt(async () => setSaved((await data.saveCopy(id)) || saved));
  return (
    <>
      <Button kind="first" busy={busy} onPress={() => void save()}>
        {words.copySave}
      </Button>
      <Problem text={problem} />
      <p role="status" class="soft">
        {saved && words.copySaved}
      </p>
    </>
  );
}
