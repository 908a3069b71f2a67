/** The locks that the tabs of one origin share, and in a frame those of the same site around it. */
import { acrossTabs } from '../../api.ts';
import type { Cancel, Locks } from '../surroundings.ts';

export const webLocks: Locks = {
  alone: acrossTabs,
  hold: (name) =>
    new Promise<Cancel>((held, denied) => {
      navigator.locks.request(name, () => new Promise<void>(held)).catch(denied);
    }),
  held: async () => {
    const { held = [] } = await navigator.locks.query();
    return new Set(held.map(({ name = '' }) => name));
  },
};
