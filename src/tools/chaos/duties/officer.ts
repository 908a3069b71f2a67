/** Who answers for customers' data while long duties are killed. */
import { setTimeout as wait } from 'node:timers/promises';
import type { FilesAnswer } from '../../../protocol/file-bodies.ts';
import type { Client } from '../../demo/client.ts';
import { STEP_MS, stepAt } from '../../demo/codes.ts';
import { type Joined, signIn } from '../../demo/joining.ts';
import type { Shop, Talk } from '../../engine/customers.ts';

const LOOK_MS = 50;

/** A member of staff with every right, who can prove at any time who they are. */
export class Officer {
  readonly #client: Client;
  readonly #joined: Joined;
  #access: string;
  #spent: number;

  constructor(client: Client, joined: Joined) {
    this.#client = client;
    this.#joined = joined;
    this.#access = joined.session.access;
    this.#spent = joined.person.spent;
  }

  /** Signs in once more, with a code that was not used yet: what needs a fresh second factor can be done then. */
  async proves(): Promise<void> {
    while (stepAt(Date.now()) <= this.#spent) await wait(STEP_MS / 30);
    this.#spent = stepAt(Date.now());
    this.#access = (await signIn(this.#client, this.#joined.person)).access;
  }

  post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#client.post<Answer>(path, body, this.#access);
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#client.get<Answer>(path, this.#access);
  }

  patch<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#client.patch<Answer>(path, body, this.#access);
  }

  put<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#client.put<Answer>(path, body, this.#access);
  }

  /** From so many days on nothing is kept in this shop. */
  async keeps({ site }: Shop, days: number): Promise<void> {
    await this.patch(`/sites/${site.id}`, { settings: { ...site.settings, keptDays: days } });
  }

  /** Lets a customer's file be opened, once it was looked at. */
  async releases({ id }: Talk): Promise<void> {
    for (;;) {
      const { files } = await this.get<FilesAnswer>(`/conversations/${id}/files`);
      const [file] = files;
      if (file?.file.state === 'unscanned') {
        await this.post(`/conversations/${id}/files/${file.file.id}/release`, {
          reason: 'It was made here.',
        });
        return;
      }
      await wait(LOOK_MS);
    }
  }
}
