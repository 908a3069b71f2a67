/** Everybody who takes part in a run: conversations with their people, and agents with the inbox open. */
import type { Caller } from '../engine/caller.ts';
import type { Organisation } from '../engine/company.ts';
import { type Around, Participant } from './participant.ts';
import { begin, type Talk, talkOn, tend } from './talk.ts';
import { Watcher } from './watcher.ts';

/** How many it takes: a seat that a killed server left taken is free again after minutes, so agents are many. */
export function sizeFor(messages: number): { talks: number; agents: number } {
  const talks = Math.min(16, Math.max(4, Math.round(messages / 300)));
  return { talks, agents: Math.ceil(talks * 0.75) };
}

export class Party {
  readonly organisation: Organisation;
  /** Those in which people talk. */
  readonly talks: Talk[] = [];
  /** Those that only begin. */
  readonly others: Talk[] = [];
  readonly watchers: readonly Watcher[];
  isOver = false;
  /** Nothing more is said; everybody is still there. */
  isSilent = false;
  /** Nobody says more before so many are acknowledged and what is to happen then has happened. */
  restsAt = Infinity;
  readonly #around: Around;
  readonly #staying: Promise<void>[] = [];

  constructor(around: Around, organisation: Organisation) {
    this.#around = around;
    this.organisation = organisation;
    this.watchers = organisation.agents.map((agent, index) => this.#watcher(agent, `inbox ${index}`));
  }

  get everybody(): Participant[] {
    return this.talks.flatMap(({ people }) => people);
  }

  /** Two tabs here and there; the third customer in a row does not care for the order of what they say. */
  async open(count: number): Promise<void> {
    const { agents } = this.organisation;
    for (let number = 0; number < count; number++) {
      const visitor = await this.organisation.visitor();
      const talk = await begin(this.#about(`begin ${number}`), visitor, `c${number} beginning`);
      this.talks.push(talk);
      this.#join(talk, visitor, `c${number} customer`, number % 3 !== 2);
      if (number % 4 === 1) this.#join(talk, visitor, `c${number} second tab`);
      const main = agents[number % agents.length];
      const second = agents[(number + 1 + Math.floor(number / agents.length)) % agents.length];
      if (main !== undefined) this.#tended(talk, this.#join(talk, main, `c${number} agent`));
      if (second !== undefined) this.#join(talk, second, `c${number} colleague`);
    }
  }

  /** Another conversation of somebody who has one. */
  async beginAnother(about: Around): Promise<void> {
    const talk = about.random.pick(this.talks);
    if (talk === undefined) return;
    this.others.push(await begin(about, talk.visitor, `another ${about.random.uuid()}`));
    about.tally.begins += 1;
  }

  /** Somebody who comes anew to look: it has nothing to say. */
  look(talk: Talk, caller: Caller, audience: 'staff' | 'visitor'): Participant {
    const name = `${audience} who looks at ${talk.id}`;
    const person = new Participant(this.#about(name), caller, {
      ...{ name, conversation: talk.id, audience, ordered: true },
    });
    this.#staying.push(person.link.stay());
    return person;
  }

  lookAtInbox(caller: Caller): Watcher {
    return this.#watcher(caller, 'whoever looks at the inbox');
  }

  async leave(): Promise<void> {
    this.isOver = true;
    for (const { link } of [...this.everybody, ...this.watchers]) link.leave();
    await Promise.all(this.#staying);
  }

  #join(talk: Talk, caller: Caller, name: string, ordered = true): Participant {
    const audience = caller === talk.visitor ? 'visitor' : 'staff';
    const about = this.#about(name);
    const person = new Participant(about, caller, { name, conversation: talk.id, audience, ordered });
    talk.people.push(person);
    this.#staying.push(person.link.stay(), talkOn(person, about, this));
    return person;
  }

  #tended(talk: Talk, agent: Participant): void {
    const about = this.#about(`${agent.part.name} tending`);
    this.#staying.push(tend(talk, agent, about, () => this.isSilent));
  }

  #watcher(caller: Caller, name: string): Watcher {
    const watcher = new Watcher(this.#about(name), caller, name, this.organisation.team);
    this.#staying.push(watcher.link.stay());
    return watcher;
  }

  #about(name: string): Around {
    return { ...this.#around, random: this.#around.random.named(name) };
  }
}
