/**
 * The product, with doors at which conversations are filled and read by their own code, and a backup and a drill are
 * begun, and meters on what drives them. It is bundled in the product's place.
 */
import { createHash } from 'node:crypto';
import type { WorkflowEvent, WorkflowStep } from 'cloudflare:workers';
import product, * as classes from '../../../worker.ts';
import { conversationOf } from '../../../chat/conversation.ts';
import { drill } from '../../../duties/restore.ts';
import { beginRun } from '../../../duties/runs.ts';
import type { Staff, Visitor } from '../../../people/permission.ts';
import { type ConversationId, newId, type VisitorId } from '../../../protocol/ids.ts';
import { countedSteps, counting, steps } from './meters.ts';
import type { Agent, Filled, Filling, Held, More, Whose } from './steps.ts';

export const { Account, Conversation, Inbox, Ledger, Scratch, Watch } = classes;

type Env = ConstructorParameters<typeof classes.Conversation>[1];

export class Runs extends classes.Runs {
  constructor(ctx: ExecutionContext, env: Env) {
    super(ctx, counting(env));
  }

  override run(event: Readonly<WorkflowEvent<{ run: string }>>, step: WorkflowStep): Promise<void> {
    return super.run(event, countedSteps(event.instanceId, step));
  }
}

const atOnce = 12;
const readAtOnce = 100;

async function fill(env: Env, wish: Filling): Promise<Filled[]> {
  const agent = agentOf(wish);
  return inLanes(wish.conversations, async (n) => {
    const id = newId('conversation');
    const visitor = visitorOf(wish, wish.visitors[n % wish.visitors.length] ?? '');
    const room = conversationOf(env, id);
    const customer = { name: null, address: null, language: 'en', timeZone: 'Europe/Vienna', answers: [] };
    const where = { id, site: visitor.site, team: wish.team as Staff['teams'][number], visitor: visitor.id };
    good(await room.begin({ ...where, consent: null, page: null, customer }, said(visitor, 0)));
    good(await room.act(agent, { wish: 'claim' }));
    // They arrive in their order, and take their turns.
    const answers = Array.from({ length: wish.messages - 1 }, (_, at) =>
      room.begin(null, said(at % 2 === 0 ? agent : visitor, at + 1)),
    );
    for (const answer of await Promise.all(answers)) good(answer);
    good(await room.act(agent, { wish: 'close' }));
    return { id, visitor: visitor.id, messages: wish.messages };
  });
}

async function more(env: Env, wish: More): Promise<Filled[]> {
  const agent = agentOf(wish);
  return inLanes(wish.filled.length, async (n) => {
    const { id, visitor, messages } = wish.filled[n] as Filled;
    const room = conversationOf(env, id as Parameters<typeof conversationOf>[1]);
    good(await room.act(agent, { wish: 'reopen' }));
    for (let at = 0; at < wish.messages; at++)
      good(await room.begin(null, said(visitorOf(wish, visitor), messages + at)));
    return { id, visitor, messages: messages + wish.messages };
  });
}

/** Past every door, since one who reads is written down. */
function held(env: Env, wish: readonly Whose[]): Promise<Held[]> {
  return inLanes(wish.length, async (n) => {
    const { id, visitor } = wish[n] as { id: ConversationId; visitor: VisitorId };
    const room = conversationOf(env, id);
    const hash = createHash('sha256').update(JSON.stringify((await room.toCopy(visitor))?.view ?? null));
    let [messages, place] = [0, { seq: 0, n: 0 }];
    for (;;) {
      const page = await room.messagesToCopy(visitor, place, 'staff', readAtOnce);
      const last = page.at(-1);
      if (last === undefined) return { id, messages, digest: hash.digest('base64') };
      for (const message of page) hash.update(JSON.stringify(message));
      messages += page.length;
      place = { seq: last.seq, n: last.n ?? 0 };
    }
  });
}

/** @param since what whoever says it has seen, which is all */
function said(asker: Staff | Visitor, since: number) {
  const id = crypto.randomUUID();
  return { asker, post: { id, since, kind: 'text' as const, text: wordsOf(id) } };
}

/** From a word to some sentences, as people write: 148 letters on average, none of them twice the same. */
function wordsOf(id: string): string {
  return `${id} `.repeat(1 + (parseInt(id.slice(0, 4), 16) % 7));
}

function agentOf({ agent, team }: { agent: Agent; team: string }): Staff {
  const who = { ...agent, teams: [team] } as unknown as Pick<Staff, 'id' | 'session' | 'teams'>;
  return { ...who, kind: 'staff', role: 'owner', grants: null };
}

function visitorOf({ site }: { site: string }, id: string): Visitor {
  return { kind: 'visitor', id, site } as Visitor;
}

function good(answer: object): void {
  if ('refused' in answer) throw new Error(`refused: ${String(answer.refused)}`);
}

async function inLanes<Result>(count: number, work: (n: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < count; n = next++) results[n] = await work(n);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}

export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    const run = searchParams.get('run') ?? '';
    if (pathname === '/bench/fill') return Response.json(await fill(env, await request.json<Filling>()));
    if (pathname === '/bench/more') return Response.json(await more(env, await request.json<More>()));
    if (pathname === '/bench/held') return Response.json(await held(env, await request.json<Whose[]>()));
    if (pathname === '/bench/drill') {
      await drill(env, Date.now());
      return Response.json({});
    }
    if (pathname === '/bench/steps') return Response.json(steps.splice(0));
    if (pathname !== '/bench/backup') return product.fetch(request, env, ctx);
    await beginRun(env, 'backup', run, Date.now());
    return Response.json({});
  },
} satisfies ExportedHandler<Env>;
