/**
 * The names of staff, learnt before they are needed, so that whoever is told of a person hears who that is in the
 * same turn. Without the directory a name is missing, and the conversation goes on.
 */
import type { Env } from '../../config.ts';
import { namesOf } from '../../people/staff.ts';
import type { Participant } from '../../protocol/frames.ts';
import type { PersonId } from '../../protocol/ids.ts';
import { logFault } from '../../log.ts';

export class Names {
  readonly #env: Env;
  readonly #known = new Map<PersonId, string | null>();

  constructor(env: Env) {
    this.#env = env;
  }

  async learn(ids: readonly PersonId[]): Promise<void> {
    if (ids.length === 0) return;
    try {
      for (const [id, name] of await namesOf(this.#env, [...new Set(ids)])) this.#known.set(id, name);
    } catch (error) {
      logFault('conversation.names', error);
    }
  }

  of(ids: readonly PersonId[]): Participant[] {
    return ids.map((id) => ({ id, name: this.#known.get(id) ?? null }));
  }
}
