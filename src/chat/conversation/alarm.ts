/** The one alarm of a conversation, set for the first thing that is due. */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  readonly #ctx: Pick<DurableObjectState, 'waitUntil'>;
  #at: number | null | undefined;

  constructor(ctx: DurableObjectState) {
    this.#storage = ctx.storage;
    this.#ctx = ctx;
  }

  /** To be done before anything is changed, so that `by` need not wait. */
  async load(): Promise<void> {
    if (this.#at === undefined) this.#at = await this.#storage.getAlarm();
  }

  /** It rings then, or earlier. To be called in the same commit as what is due then. */
  by(time: number): void {
    if (typeof this.#at === 'number' && this.#at <= time) return;
    this.#at = time;
    this.#ctx.waitUntil(this.#storage.setAlarm(time));
  }

  /** It has rung: whatever is still due asks for it anew. */
  rang(): void {
    this.#at = null;
  }
}
