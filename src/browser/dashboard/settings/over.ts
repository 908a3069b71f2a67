/** What another time would delete, asked while it is chosen. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** Whoever types a number is not asked about each of its digits. */
const typedFor = 400;

/**
 * What the server answers at this address; null while that is not known.
 * @param path null: nothing is asked
 */
export function useOver<Answer>(get: (path: string) => Promise<Answer>, path: string | null): Answer | null {
  const over = useSignal<Answer | null>(null);
  useEffect(() => {
    over.value = null;
    if (path === null) return undefined;
    let isWanted = true;
    const ask = async () => {
      const answer = await get(path);
      if (isWanted) over.value = answer;
    };
    const timer = setTimeout(() => {
      // It is asked again with the next change; saving does not depend on it.
      ask().catch(() => undefined);
    }, typedFor);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [path, over]);
  return over.value;
}

/** A whole number within these, as it was typed; undefined: it is none. */
export function wholeWithin(text: string, least: number, most: number): number | undefined {
  const number = Number(text);
  return text !== '' && Number.isInteger(number) && number >= least && number <= most ? number : undefined;
}
