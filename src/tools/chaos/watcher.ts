/** Somebody on staff who has the team's inbox open. */
import type { InboxEntry, InboxServerFrame } from '../../protocol/frames.ts';
import type { Caller } from '../engine/caller.ts';
import type { InboxRecord } from './evidence.ts';
import { Link } from './link.ts';
import type { Around } from './participant.ts';

export class Watcher {
  readonly caller: Caller;
  readonly link: Link;
  readonly #name: string;
  readonly #entries = new Map<string, InboxEntry>();
  readonly #complaints: string[] = [];

  constructor({ server, tally, random }: Around, caller: Caller, name: string, team: string) {
    this.caller = caller;
    this.#name = name;
    this.link = new Link(server, caller, `/teams/${team}`, random.named('line'), {
      query: () => '',
      opened: () => this.link.say({ type: 'present', as: 'available' }),
      heard: (text) => this.#heard(JSON.parse(text) as InboxServerFrame),
      lost: () => undefined,
      silent: () => (tally.silences += 1),
      complain: (what) => this.#complaints.push(what),
    });
  }

  record(): InboxRecord {
    return { name: this.#name, entries: [...this.#entries.values()], complaints: this.#complaints };
  }

  #heard(frame: InboxServerFrame): void {
    if (frame.type === 'list') {
      // Fewer conversations are made than one list holds.
      if (frame.more) this.#complaints.push('the list is longer than it can be');
      this.#entries.clear();
      for (const entry of frame.entries) this.#entries.set(entry.id, entry);
    }
    if (frame.type === 'entry') this.#put(frame.entry);
  }

  /** The higher version wins. */
  #put(entry: InboxEntry): void {
    const known = this.#entries.get(entry.id);
    if (known === undefined || entry.version > known.version) this.#entries.set(entry.id, entry);
  }
}
