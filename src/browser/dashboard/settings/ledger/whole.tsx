/** Whether the ledger is whole: the signed head as it is now, and how anybody can verify it. */
import { ApiError } from '../../../api.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import type { Session } from '../../session.ts';
import { Snippet } from '../snippet.tsx';
import { Part } from './part.tsx';
import { exactly } from './when.ts';
import { Witness } from './witness.tsx';
import { words } from './words.ts';

const path = '/ledger/checkpoint';
const command = 'npm run ledger:verify -- ledger.ndjson';

export function Whole({ api, isOwner }: { api: Session['api']; isOwner: boolean }) {
  return (
    <Part name={words.whole}>
      <Head />
      <Witness api={api} isOwner={isOwner} />
    </Part>
  );
}

function Head() {
  const loading = useLoading('head', fetchHead);
  return (
    <>
      <p>{words.proves}</p>
      <p>{words.provesNot}</p>
      <Loaded of={loading}>
        {({ note, at }) => {
          const [, size = '', root = ''] = note.split('\n');
          return (
            <>
              <dl class="entry-facts">
                <div>
                  <dt>{words.size}</dt>
                  <dd>{Number(size).toLocaleString()}</dd>
                </div>
                <div>
                  <dt>{words.root}</dt>
                  <dd>
                    <code>{root.slice(0, 12)}…</code>
                  </dd>
                </div>
                <div>
                  <dt>{words.seenAt}</dt>
                  <dd>{exactly(at)}</dd>
                </div>
              </dl>
              <Snippet name={words.note} text={note} />
            </>
          );
        }}
      </Loaded>
      <p>
        {words.address} <a href={path}>{`${location.origin}${path}`}</a>
      </p>
      <p>{words.verify}</p>
      <Snippet name={words.verifyLine} text={command} />
      <p>{words.verifyHere}</p>
    </>
  );
}

async function fetchHead(): Promise<{ note: string; at: number }> {
  const answer = await fetch(path, { cache: 'no-store' }).catch(() => null);
  if (answer?.ok !== true) throw new ApiError('offline', 0, 'Sotto can not be reached.');
  return { note: await answer.text(), at: Date.now() };
}
