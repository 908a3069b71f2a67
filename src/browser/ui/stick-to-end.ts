/** Keeps a scrolled box at its end while its reader is there, and in its place while they read further up. */
const nearEnd = 60;

interface Ends {
  /** The number at the top: when it falls, the box has grown above. */
  first: number | undefined;
  /** The last that somebody wrote themselves, which they want to see. */
  written: string | undefined;
}

export class StickToEnd {
  #box: HTMLElement;
  #atEnd = true;
  #before: Ends & { height: number };
  #resized: ResizeObserver;

  /** @param onAway the reader has left the end, or come back to it */
  constructor(box: HTMLElement, ends: Ends, onAway: (away: boolean) => void) {
    this.#box = box;
    this.#before = { ...ends, height: 0 };
    // The box changes its size when the widget opens, a phone's keyboard comes or the composer grows.
    this.#resized = new ResizeObserver(() => {
      if (this.#atEnd) box.scrollTop = box.scrollHeight;
    });
    this.#resized.observe(box);
    const scrolled = () => {
      const now = box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;
      if (now !== this.#atEnd) onAway(!now);
      this.#atEnd = now;
    };
    box.addEventListener('scroll', scrolled, { passive: true });
    this.drawn(ends);
  }

  /** What is in the box may be different now. */
  drawn({ first, written }: Ends): void {
    const box = this.#box;
    const before = this.#before;
    if (written !== undefined && written !== before.written) this.#atEnd = true;
    const grewAbove = first !== undefined && before.first !== undefined && first < before.first;
    if (grewAbove) box.scrollTop += box.scrollHeight - before.height;
    else if (this.#atEnd) box.scrollTop = box.scrollHeight;
    this.#before = { first, written, height: box.scrollHeight };
  }

  /** The box goes, and what listens to it with it. */
  end(): void {
    this.#resized.disconnect();
  }
}
