/** Two short, quiet tones, made here: no file, and none before somebody has touched the page (browsers forbid it). */

const volume = 0.05;
const tones = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.12 },
] as const;
const seconds = 0.16;
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
    for (const { hertz, at } of tones) ring(context, hertz, context.currentTime + at);
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

/** Swells and fades, so that it does not click. */
function ring(context: AudioContext, hertz: number, at: number): void {
  const tone = context.createOscillator();
  const level = context.createGain();
  tone.frequency.value = hertz;
  level.gain.setValueAtTime(0, at);
  level.gain.linearRampToValueAtTime(volume, at + 0.02);
  level.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
  tone.connect(level).connect(context.destination);
  tone.start(at);
  tone.stop(at + seconds);
}
