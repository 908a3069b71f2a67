/**
 * Who belongs to an inbox, and whether they are there. Presence is read from the open sockets, which carry what their
 * person said and when their page last gave a sign of life, so it outlives hibernation and costs no row a person.
 */
import { createHash } from 'node:crypto';
import type { Env } from '../../config.ts';
import { answersIn, type Staff } from '../../people/permission.ts';
import { namesOf } from '../../people/staff.ts';
import { type CrewMember, crewOf } from '../../people/teams.ts';
import type { Colleague, InboxServerFrame } from '../../protocol/frames.ts';
import type { PersonId, TeamId } from '../../protocol/ids.ts';
import { logFault } from '../../log.ts';
import type { Sitting, Sockets } from '../sockets.ts';
import { presenceOf, type Sign } from './rules.ts';
import type { InboxStore } from './store.ts';

/** The members, those of them who may have the team's conversations, and the names of all who are concerned. */
type Crew = {
  members: readonly PersonId[];
  answering: ReadonlySet<PersonId>;
  names: ReadonlyMap<PersonId, string | null>;
};

const nobody: Crew = { members: [], answering: new Set(), names: new Map() };

export class Roster {
  readonly #env: Env;
  readonly #team: TeamId;
  readonly #sockets: Sockets;
  readonly #store: InboxStore;
  /** What the directory said last; undefined until it was asked. */
  #crew: Crew | undefined;
  #asked = 0;
  #answered = 0;

  constructor(env: Env, team: TeamId, sockets: Sockets, store: InboxStore) {
    this.#env = env;
    this.#team = team;
    this.#sockets = sockets;
    this.#store = store;
  }

  /**
   * Asks the directory for members and names; of two answers the later question's stays. Without it, go on as before.
   * @returns those who have a conversation of the team and may no longer have it
   */
  async load(): Promise<PersonId[]> {
    const question = ++this.#asked;
    const holders = this.#store.holders();
    try {
      const crew = await crewOf(this.#env, this.#team, holders);
      const members = idsOf(crew.filter(({ isMember }) => isMember));
      const names = await namesOf(this.#env, [...new Set([...members, ...this.#store.holders()])]);
      if (question < this.#answered) return [];
      this.#answered = question;
      this.#crew = { members, answering: new Set(idsOf(crew.filter(({ answers }) => answers))), names };
      const mayHold = new Set(idsOf(crew.filter((person) => person.mayHold)));
      return holders.filter((id) => !mayHold.has(id));
    } catch (error) {
      logFault('inbox.people', error);
      return [];
    }
  }

  /** Whether the directory was ever asked. */
  get isKnown(): boolean {
    return this.#crew !== undefined;
  }

  /** The team's members and whoever else holds one of its conversations. */
  people(now: number): Colleague[] {
    const { members, answering, names } = this.#crew ?? nobody;
    const signs = Map.groupBy(this.#staff(now), ({ asker }) => asker.id);
    const ids = new Set([...members, ...this.#store.holders()]);
    return [...ids].toSorted().map((id) => ({
      id,
      name: names.get(id) ?? null,
      presence: presenceOf(signs.get(id)?.map(signOf) ?? [], now),
      answers: answering.has(id),
    }));
  }

  /** How many members who could answer a customer are available. */
  available(now: number): number {
    const signs = Map.groupBy(
      this.#staff(now).filter(({ asker }) => answersIn(asker, this.#team)),
      ({ asker }) => asker.id,
    );
    return [...signs.values()].filter((own) => presenceOf(own.map(signOf), now) === 'available').length;
  }

  #staff(now: number): (Sitting & { asker: Staff })[] {
    return this.#sockets
      .sitting(now)
      .flatMap((seat) => (seat.asker.kind === 'staff' ? [{ ...seat, asker: seat.asker }] : []));
  }

  /**
   * Tells everybody who is here, if it is not what was told last. That is remembered as a digest in a row, so that
   * waking from hibernation is no news. A newcomer has it from their list.
   */
  async tell(newcomer?: WebSocket): Promise<void> {
    if (this.#sockets.sitting(Date.now()).length === 0) return;
    if (this.#crew === undefined) await this.load();
    const now = Date.now();
    const sitting = this.#sockets.sitting(now);
    if (this.#crew === undefined) return;
    const people = this.people(now);
    const digest = digestOf(people);
    if (digest === this.#store.mark('people')) return;
    this.#store.setMark('people', digest);
    const frame = JSON.stringify({ type: 'people', people } satisfies InboxServerFrame);
    for (const { socket } of sitting) if (socket !== newcomer) this.#sockets.deliver(socket, frame, now);
  }
}

/** A socket that has not said where its person is counts as away. */
function signOf({ kept, seenAt }: Sitting): Sign {
  return { says: kept === 'available' ? 'available' : 'away', seenAt };
}

function idsOf(people: readonly CrewMember[]): PersonId[] {
  return people.map(({ id }) => id);
}

function digestOf(people: readonly Colleague[]): string {
  const facts = people.map(({ id, presence, answers }) => `${id} ${presence} ${answers}`).join('\n');
  return createHash('sha256').update(facts).digest('base64');
}
