/** When a conversation was mailed last, so that nobody has it mailed again and again. */
import type { ConversationId } from '../../protocol/ids.ts';

export class TranscriptStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** Enters that it is mailed now; what is longer ago than `since` is forgotten. @returns false: it was mailed since */
  async begin(id: ConversationId, since: number, now: number): Promise<boolean> {
    const begin = 'INSERT OR IGNORE INTO transcripts (conversation, sent_at) VALUES (?, ?)';
    const [, begun] = await this.#db.batch([
      this.#db.prepare('DELETE FROM transcripts WHERE sent_at <= ?').bind(since),
      this.#db.prepare(begin).bind(id, now),
    ]);
    return begun?.meta.changes === 1;
  }
}
