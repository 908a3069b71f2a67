/** What is shown of requests: to whoever asked, and to whoever answers. */
import type { Env } from '../../config.ts';
import { isBanned } from '../../people/bans.ts';
import { factsOfVisitor, tracesOf, visitorsWithAddress } from '../../people/visitor.ts';
import { limits } from '../../protocol/limits.ts';
import type {
  FullRequest,
  ListedRequest,
  OwnRequest,
  RequestsAnswer,
  SameAddress,
} from '../../protocol/privacy.ts';
import { copyOf } from '../copies.ts';
import { type ListPlace, openedSaid, type RequestRow, RequestStore } from '../requests.ts';
import { runOf } from '../runs.ts';

/** A page of those that wait, the first that is due first; or of those that were answered, the last first. */
export async function listed(
  env: Env,
  state: 'open' | 'over',
  after: string | undefined,
): Promise<RequestsAnswer> {
  const store = new RequestStore(env.DB);
  const most = limits.listRequests;
  const rows = await (state === 'open'
    ? store.waiting(placeIn(after) ?? { at: 0, id: '' }, most + 1)
    : store.over(placeIn(after) ?? { at: Number.MAX_SAFE_INTEGER, id: '' }, most + 1));
  const page = rows.slice(0, most);
  const last = rows.length > most ? page.at(-1) : undefined;
  const at = state === 'open' ? last?.dueAt : last?.decidedAt;
  return { requests: page.map(listedView), next: last === undefined ? null : `${at}.${last.id}` };
}

function placeIn(text: string | undefined): ListPlace | undefined {
  const [at, id] = text?.split('.') ?? [];
  return at === undefined || id === undefined ? undefined : { at: Number(at), id };
}

export async function ownView(env: Env, row: RequestRow): Promise<OwnRequest> {
  const { id, kind, state, openedAt, dueAt: due, extendedAt, doneAt, hasReceipt } = row;
  const { extension, answer } = await openedSaid(env, row);
  const copy = await handed(env, row, Date.now());
  const times = { openedAt, dueAt: due, extendedAt, doneAt };
  return { id, kind, state, ...times, extension, answer, copy, hasReceipt };
}

async function handed(env: Env, { copy }: RequestRow, now: number): Promise<OwnRequest['copy']> {
  const found = copy === null ? undefined : await copyOf(env, copy, now);
  return found === undefined ? null : { id: found.id, until: found.until };
}

function listedView(row: RequestRow): ListedRequest {
  const { id, kind, state, openedAt, extendedAt, doneAt, visitor, site, law, proof } = row;
  const { openedBy, decidedBy, held } = row;
  return {
    ...{ id, kind, state, openedAt, dueAt: row.dueAt, extendedAt, doneAt, visitor, site, law, proof },
    ...{ openedBy, decidedBy, held },
  };
}

export async function fullView(env: Env, row: RequestRow, now: number): Promise<FullRequest> {
  const { wish, how, extension, answer } = await openedSaid(env, row);
  const run = row.run === null ? undefined : await runOf(env, row.run, now);
  const { name } = await factsOfVisitor(env, row.visitor);
  return {
    ...listedView(row),
    ...{ wish, how, extension, answer, name },
    copy: await handed(env, row, now),
    conversations: run?.done ?? null,
    hasReceipt: row.hasReceipt,
    others: await othersOf(env, row),
    banned: await isBanned(env, row.visitor, null, now),
  };
}

/** A person is a visitor of each site by themselves: who asks may mean what they wrote on the others too. */
async function othersOf(env: Env, { visitor, kind }: RequestRow): Promise<SameAddress[]> {
  const lookup = (await tracesOf(env, visitor))?.lookup ?? null;
  if (lookup === null) return [];
  const store = new RequestStore(env.DB);
  const others = (await visitorsWithAddress(env, lookup)).filter(({ id }) => id !== visitor);
  return Promise.all(
    others.map(async ({ id, site }) => {
      const waiting = await store.waitingFor(id, kind);
      return { visitor: id, site, waits: waiting?.id ?? null };
    }),
  );
}
