/** What they have asked, how it stands, until when they are answered, and what proves that it was done. */
import type { OwnRequest } from '../../../../protocol/privacy.ts';
import { dayOf, momentOf } from './dates.ts';
import { SaveCopy } from './copy.tsx';
import type { OwnData } from './mine.ts';
import { words } from './words.ts';

export function Requests({ data, requests }: { data: OwnData; requests: readonly OwnRequest[] }) {
  return (
    <section aria-labelledby="your-data-requests">
      <h3 id="your-data-requests">{words.requests}</h3>
      {requests.length === 0 && <p class="soft">{words.noRequests}</p>}
      {requests.map((request) => (
        <One key={request.id} data={data} request={request} />
      ))}
    </section>
  );
}

function One({ data, request }: { data: OwnData; request: OwnRequest }) {
  const { id, kind, state, openedAt, dueAt, extension, answer, copy, hasReceipt } = request;
  const title = `your-data-${id}`;
  const receipt = `/receipts/${id}`;
  const isOver = state === 'done' || state === 'refused';
  const isLate = !isOver && dueAt < Date.now();
  return (
    <article class="one" aria-labelledby={title}>
      <h4 id={title}>{words.kinds[kind]}</h4>
      <p>
        {words.states[state]} <span class="soft">{words.askedOn(dayOf(openedAt))}</span>
      </p>
      {!isOver && <p>{isLate ? words.late(dayOf(dueAt)) : words.due(dayOf(dueAt))}</p>}
      <Said name={words.extension} text={extension} />
      <Said name={words.answer} text={answer} />
      {(state === 'refused' || isLate) && <p>{words.complain}</p>}
      {copy !== null && (
        <>
          <p>{words.handed(momentOf(copy.until))}</p>
          <SaveCopy data={data} id={copy.id} />
        </>
      )}
      {kind === 'erasure' && !isOver && (
        <p>
          {words.receiptWillBe} <bdi dir="ltr">{`${location.origin}${receipt}`}</bdi>
        </p>
      )}
      {hasReceipt && (
        <p>
          <a href={receipt} download={`receipt-${id}.txt`}>
            {words.receiptSave}
          </a>{' '}
          <span class="soft">{words.receiptHow}</span>
        </p>
      )}
    </article>
  );
}

/** What nobody has said is left out. */
function Said({ name, text }: { name: string; text: string | null }) {
  if (text === null) return null;
  return (
    <div>
      <p class="soft">{name}</p>
      <p class="said" dir="auto">
        {text}
      </p>
    </div>
  );
}
