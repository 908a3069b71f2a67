/** The stage for tests: a clock that is moved by hand, a network that does what the test says, chance at its worst. */
import { vi } from 'vitest';
import type {
  Author,
  ConversationView,
  FileView,
  InboxEntry,
  Message,
  Post,
  ServerFrame,
} from '../../protocol/frames.ts';
import type { ConversationId, FileId, PersonId, SiteId, TeamId, VisitorId } from '../../protocol/ids.ts';
import { ApiError } from '../api.ts';
import type { Access } from './conversation.ts';
import { FakeBrowser, FakeTab } from './queue/stage.ts';
import type { Cancel, Ears, Line, Notice, Surroundings } from './surroundings.ts';

interface Timer {
  at: number;
  then: () => void;
}

type Sent = { type: string; posts?: Post[]; ticket?: string; [field: string]: unknown };

export class FakeLine implements Line {
  readonly address: string;
  readonly protocols: readonly string[];
  readonly sent: string[] = [];
  closedBy: number | null = null;
  answersPings = true;
  #ears: Ears;

  constructor(address: string, protocols: readonly string[], ears: Ears) {
    this.address = address;
    this.protocols = protocols;
    this.#ears = ears;
  }

  send(text: string): void {
    this.sent.push(text);
    if (text === 'ping' && this.answersPings) this.#ears.said('pong');
  }

  close(code: number): void {
    this.closedBy = code;
  }

  says(frame: ServerFrame | object): void {
    this.#ears.said(JSON.stringify(frame));
  }

  ends(code: number): void {
    this.#ears.closed(code);
  }

  /** What was sent, pings apart. */
  frames(): Sent[] {
    return this.sent.filter((text) => text !== 'ping').map((text) => JSON.parse(text) as Sent);
  }

  framesOf(type: string): Sent[] {
    return this.frames().filter((frame) => frame.type === type);
  }

  posts(): Post[][] {
    return this.frames().flatMap(({ posts }) => (posts === undefined ? [] : [posts]));
  }
}

export class Stage implements Surroundings, Access {
  readonly lines: FakeLine[] = [];
  readonly asked: string[] = [];
  /** What the next requests for a ticket fail with, and what a refresh leads to. */
  refusals: (ApiError | Error)[] = [];
  refreshes = 0;
  refreshed: boolean | Error = true;
  isVisible = true;
  isOnline = true;
  chance = 1;
  readonly browser: FakeBrowser;
  readonly store: FakeTab;
  readonly locks: FakeTab['locks'];
  #time = 1_700_000_000_000;
  #timers = new Set<Timer>();
  #listeners = new Set<(notice: Notice) => void>();
  #ids: () => string;

  /** @param beside another tab of the same browser, at the same time */
  constructor(beside?: Stage) {
    this.browser = beside?.browser ?? new FakeBrowser();
    this.store = new FakeTab(this.browser);
    this.locks = this.store.locks;
    this.#time = beside?.now() ?? this.#time;
    this.#ids = beside === undefined ? counter() : beside.newId;
  }

  now = (): number => this.#time;
  serverNow = (): number => this.#time;
  random = (): number => this.chance;
  newId = (): string => this.#ids();
  visible = (): boolean => this.isVisible;
  online = (): boolean => this.isOnline;

  after(milliseconds: number, then: () => void): Cancel {
    const timer = { at: this.#time + milliseconds, then };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  open(address: string, protocols: readonly string[], ears: Ears): Line {
    const line = new FakeLine(address, protocols, ears);
    this.lines.push(line);
    return line;
  }

  watch(listener: (notice: Notice) => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  channel(name: string, heard: (data: unknown) => void): (data: unknown) => void {
    const tabs = this.browser.channels.get(name) ?? new Set();
    this.browser.channels.set(name, tabs.add(heard));
    return (data) => {
      for (const tab of tabs) if (tab !== heard) tab(data);
    };
  }

  quietly<Answer>(path: string): Promise<Answer> {
    return this.post(path);
  }

  post<Answer>(path: string): Promise<Answer> {
    this.asked.push(path);
    const refusal = this.refusals.shift();
    if (refusal !== undefined) return Promise.reject(refusal);
    return Promise.resolve({ ticket: `t${this.asked.length}` } as Answer);
  }

  refresh(): Promise<boolean> {
    this.refreshes += 1;
    return this.refreshed instanceof Error ? Promise.reject(this.refreshed) : Promise.resolve(this.refreshed);
  }

  async notice(notice: Notice): Promise<void> {
    for (const listener of this.#listeners) listener(notice);
    await settled();
  }

  /** Lets time pass, with everything that falls due in its order. */
  async pass(milliseconds: number): Promise<void> {
    await settled();
    const end = this.#time + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#time = Math.max(this.#time, due.at);
      due.then();
      await settled();
    }
    this.#time = end;
  }

  /** Time passes, and nothing falls due: the machine sleeps. */
  sleep(milliseconds: number): void {
    this.#time += milliseconds;
  }

  /** The line opened last. */
  line(): FakeLine {
    const line = this.lines.at(-1);
    if (line === undefined) throw new Error('no line was opened');
    return line;
  }
}

/** Waits for what happens beside the stage's clock, as cryptography does. */
export function soon<Fact>(fact: () => Fact | Promise<Fact>): Promise<Fact> {
  return vi.waitFor(fact, { timeout: 10_000, interval: 5 });
}

/** Lets promises that are settled already be heard. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function counter(): () => string {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`;
}

export const visitor: Author = { kind: 'visitor', id: 'vis_AAAAAAAAAAAAAAAAAAAAAA' as VisitorId };
export const agent: Author = { kind: 'staff', id: 'per_AAAAAAAAAAAAAAAAAAAAAA' as PersonId };
export const conversationId = 'con_AAAAAAAAAAAAAAAAAAAAAA' as ConversationId;
const conversation: ConversationView = {
  id: conversationId,
  site: 'sit_AAAAAAAAAAAAAAAAAAAAAA' as SiteId,
  state: 'waiting',
  assignee: null,
  startedAt: 1_700_000_000_000,
  page: null,
  rating: null,
};

type Welcome = ServerFrame & { type: 'welcome' };

export function welcome(head: number, fields: Partial<Welcome> & { until?: number } = {}): Welcome {
  const { until = 1_700_000_900_000, ...others } = fields;
  const you = { from: visitor, until };
  return { type: 'welcome', conversation, you, epoch: 'one', head, people: [], read: [], ...others };
}

export function message(seq: number, { id = `id-${seq}`, from = agent, text = `text ${seq}` } = {}): Message {
  return { seq, id, at: 1_700_000_000_000 + seq, from, kind: 'text', scheme: 1, text };
}

export function note(
  seq: number,
  n: number,
  { id = `id-${seq}.${n}`, from = agent, text = `note ${n}` } = {},
): Message {
  return { ...message(seq, { id, from, text }), n, kind: 'note' };
}

export function fileOf(fields: Partial<FileView> = {}): FileView {
  return {
    id: 'fil_AAAAAAAAAAAAAAAAAAAAAA' as FileId,
    bytes: 5,
    state: 'waiting',
    until: 1_800_000_000_000,
    about: {
      ...{ name: 'a.txt', mediaType: 'text/plain', group: 'text', shown: true },
      ...{ sensitive: [], secrets: false },
    },
    ...fields,
  };
}

/** A message that is a file. */
export function sent(seq: number, file: FileView, { id = `id-${seq}`, from = agent } = {}): Message {
  return { ...message(seq, { id, from, text: '' }), kind: 'file', file };
}

export function messages(from: number, to: number): ServerFrame {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return { type: 'messages', messages: numbers.map((seq) => message(seq)) };
}

export const offline = new ApiError('offline', 0, 'Sotto can not be reached.');

export const team = 'tea_AAAAAAAAAAAAAAAAAAAAAA' as TeamId;

export function entry(version: number, fields: Partial<InboxEntry> = {}): InboxEntry {
  return {
    id: conversationId,
    site: conversation.site,
    team,
    state: 'waiting',
    assignee: null,
    snoozedUntil: null,
    waitingSince: null,
    startedAt: 1,
    changedAt: 1,
    version,
    ...fields,
  };
}
