/** The rows of webhooks and of what they have yet to be told, beside the alarms. Addresses and secrets lie sealed. */
import type { WebhookId } from '../../protocol/ids.ts';
import type { Webhook } from '../../protocol/webhooks.ts';

export type WebhookRow = Omit<Webhook, 'waiting'> & { address: Uint8Array; secret: Uint8Array };
/** One body on its way to one webhook; `id` is the same at each try. */
export type Delivery = { id: string; webhook: WebhookId; body: string; tries: number };

export class WebhookStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS webhooks (
        id TEXT PRIMARY KEY, host TEXT NOT NULL, address BLOB NOT NULL, secret BLOB NOT NULL,
        created_at INTEGER NOT NULL, last_at INTEGER, last_status INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS deliveries (
        webhook TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, tries INTEGER NOT NULL, due INTEGER NOT NULL,
        PRIMARY KEY (webhook, id)
      ) STRICT, WITHOUT ROWID;
    `);
  }

  list(): Webhook[] {
    const waiting = '(SELECT COUNT(*) FROM deliveries WHERE webhook = webhooks.id) AS waiting';
    return this.#sql
      .exec<Raw>(`SELECT *, ${waiting} FROM webhooks ORDER BY created_at`)
      .toArray()
      .map(viewOf);
  }

  find(id: WebhookId): WebhookRow | undefined {
    const row = this.#sql.exec<Raw>('SELECT *, 0 AS waiting FROM webhooks WHERE id = ?', id).toArray()[0];
    return (
      row && { ...viewOf(row), address: new Uint8Array(row.address), secret: new Uint8Array(row.secret) }
    );
  }

  /** Each address and secret that lies under this pepper key, as four bytes. */
  sealedUnder(key: Uint8Array): { id: WebhookId; field: 'address' | 'secret'; sealed: Uint8Array }[] {
    const fields = ['address', 'secret'] as const;
    return fields.flatMap((field) =>
      this.#sql
        .exec<{ id: WebhookId; sealed: ArrayBuffer }>(
          `SELECT id, ${field} AS sealed FROM webhooks WHERE substr(${field}, 2, 4) = ?`,
          key.slice().buffer,
        )
        .toArray()
        .map(({ id, sealed }) => ({ id, field, sealed: new Uint8Array(sealed) })),
    );
  }

  setSealed(id: WebhookId, field: 'address' | 'secret', sealed: Uint8Array): void {
    this.#sql.exec(`UPDATE webhooks SET ${field} = ? WHERE id = ?`, sealed.slice().buffer, id);
  }

  count(): number {
    return this.#sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM webhooks').one().n;
  }

  add({ id, host, createdAt }: Webhook, address: Uint8Array, secret: Uint8Array): void {
    this.#sql.exec(
      'INSERT INTO webhooks VALUES (?, ?, ?, ?, ?, NULL, NULL)',
      id,
      host,
      address.slice().buffer,
      secret.slice().buffer,
      createdAt,
    );
  }

  /** With what it has not been told. */
  remove(id: WebhookId): boolean {
    this.#sql.exec('DELETE FROM deliveries WHERE webhook = ?', id);
    return this.#sql.exec('DELETE FROM webhooks WHERE id = ? RETURNING id', id).toArray().length > 0;
  }

  setTried(id: WebhookId, at: number, status: number): void {
    this.#sql.exec('UPDATE webhooks SET last_at = ?, last_status = ? WHERE id = ?', at, status, id);
  }

  /** All of them are to be told this, once. */
  enqueue(id: string, body: string, due: number): void {
    this.#sql.exec(
      'INSERT INTO deliveries SELECT id, ?, ?, 0, ? FROM webhooks WHERE true ON CONFLICT DO NOTHING',
      id,
      body,
      due,
    );
  }

  /** Of each webhook the first that is due. */
  due(now: number): Delivery[] {
    return this.#sql
      .exec<Delivery & { due: number }>(
        'SELECT webhook, id, body, tries, MIN(due) AS due FROM deliveries WHERE due <= ? GROUP BY webhook',
        now,
      )
      .toArray();
  }

  /** When the next one is due; undefined: nothing waits. */
  nextDue(): number | undefined {
    return (
      this.#sql.exec<{ due: number | null }>('SELECT MIN(due) AS due FROM deliveries').one().due ?? undefined
    );
  }

  tryAgain({ webhook, id }: Delivery, due: number): void {
    const again = 'UPDATE deliveries SET tries = tries + 1, due = ? WHERE webhook = ? AND id = ?';
    this.#sql.exec(again, due, webhook, id);
  }

  drop({ webhook, id }: Delivery): void {
    this.#sql.exec('DELETE FROM deliveries WHERE webhook = ? AND id = ?', webhook, id);
  }
}

type Raw = {
  id: WebhookId;
  host: string;
  address: ArrayBuffer;
  secret: ArrayBuffer;
  created_at: number;
  last_at: number | null;
  last_status: number | null;
  waiting: number;
};

function viewOf({ id, host, created_at, last_at, last_status, waiting }: Raw): Webhook {
  return { id, host, createdAt: created_at, lastAt: last_at, lastStatus: last_status, waiting };
}
