/**
 * Who belongs to an inbox, and whether they are there. Presence is read from the open sockets, which carry what their
 * person said and when their page last gave a sign of life, so it outlives hibernation and costs no row a person.
 */
import { createHash } from 'node:crypto';
import type { Env } from '../../config.ts';
import { may, type Staff } from '../../people/permission.ts';
import { namesOf } from '../../people/staff.ts';
import { activeMembersOf } from '../../people/teams.ts';
import type { Colleague, InboxServerFrame } from '../../protocol/frames.ts';
import type { PersonId, TeamId } from '../../protocol/ids.ts';
import { logFault } from '../log.ts';
import type { Sitting, Sockets } from '../sockets.ts';
import { presenceOf, type Sign } from './rules.ts';
import type { InboxStore } from './store.ts';

type Crew = { members: readonly PersonId[]; names: ReadonlyMap<PersonId, string | null> };

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

  /** Asks the directory for members and names; of two answers the later question's stays. Without it, go on as before. */
  async load(): Promise<void> {
    const question = ++this.#asked;
    try {
      const members = await activeMembersOf(this.#env, this.#team);
      const names = await namesOf(this.#env, [...new Set([...members, ...this.#store.holders()])]);
      if (question < this.#answered) return;
      this.#answered = question;
      this.#crew = { members, names };
    } catch (error) {
      logFault('inbox.people', error);
    }
  }

  /** The team's members and whoever else holds one of its conversations. */
  people(now: number): Colleague[] {
    const { members, names } = this.#crew ?? { members: [], names: new Map<PersonId, null>() };
    const signs = Map.groupBy(this.#staff(now), ({ asker }) => asker.id);
    const ids = new Set([...members, ...this.#store.holders()]);
    return [...ids].toSorted().map((id) => ({
      id,
      name: names.get(id) ?? null,
      presence: presenceOf(signs.get(id)?.map(signOf) ?? [], now),
    }));
  }

  /** How many members who could answer a customer are available. */
  available(now: number): number {
    const signs = Map.groupBy(
      this.#staff(now).filter(({ asker }) => this.#couldAnswer(asker)),
      ({ asker }) => asker.id,
    );
    return [...signs.values()].filter((own) => presenceOf(own.map(signOf), now) === 'available').length;
  }

  #couldAnswer(staff: Staff): boolean {
    return staff.teams.includes(this.#team) && may(staff, 'conversation.claim', { team: this.#team });
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

function digestOf(people: readonly Colleague[]): string {
  const facts = people.map(({ id, presence }) => `${id} ${presence}`).join('\n');
  return createHash('sha256').update(facts).digest('base64');
}
