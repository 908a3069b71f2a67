/** The dashboard's sound: none before somebody has touched the page, since browsers forbid it. */
import { ring } from '../../ui/chime.ts';

/** Several things at once are one sound. */
const pause = 1_500;

export class Sound {
  #context: AudioContext | null = null;
  #playedAt = -Infinity;
  #ended = new AbortController();

  constructor() {
    const { signal } = this.#ended;
    for (const type of ['pointerdown', 'keydown'])
      window.addEventListener(type, () => this.#wake(), { capture: true, passive: true, signal });
  }

  play(): void {
    const context = this.#context;
    if (context?.state !== 'running' || Date.now() - this.#playedAt < pause) return;
    this.#playedAt = Date.now();
    ring(context);
  }

  end(): void {
    this.#ended.abort();
    void this.#context?.close();
  }

  #wake(): void {
    try {
      this.#context ??= new AudioContext();
    } catch {
      // A machine without any sound.
      this.#ended.abort();
      return;
    }
    if (this.#context.state === 'suspended') this.#context.resume().catch(() => {});
  }
}
