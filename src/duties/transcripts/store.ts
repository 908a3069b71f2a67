/** When a conversation was mailed last for each side, so that nobody has it mailed again and again. */
import type { Asker } from '../../people/permission.ts';
import type { ConversationId } from '../../protocol/ids.ts';

export class TranscriptStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /**
   * Enters that it is mailed now for this side; what is longer ago than `since` is forgotten.
   * @returns false: it was mailed for them since
   */
  async begin(id: ConversationId, side: Asker['kind'], since: number, now: number): Promise<boolean> {
    const begin = 'INSERT OR IGNORE INTO transcripts (conversation, side, sent_at) VALUES (?, ?, ?)';
    const [, begun] = await this.#db.batch([
      this.#db.prepare('DELETE FROM transcripts WHERE sent_at <= ?').bind(since),
      this.#db.prepare(begin).bind(id, side, now),
    ]);
    return begun?.meta.changes === 1;
  }
}
