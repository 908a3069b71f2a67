/** That a profile of a law holds a setting, said beside its field. */
import type { ProfileId } from '../../../protocol/laws.ts';
import { heldBy, profiles, type Setting } from '../../../protocol/profiles.ts';
import { words } from './words.ts';

export function isHeld(on: readonly ProfileId[], setting: Setting): boolean {
  return heldBy(on, setting).by.length > 0;
}

/** What profiles hold a number at, the most or the least that it can be; or else this. */
export function endOf(on: readonly ProfileId[], setting: Setting, end: number): number {
  const { bound } = heldBy(on, setting);
  return typeof bound === 'number' ? bound : end;
}

export function Held({ on, setting }: { on: readonly ProfileId[]; setting: Setting }) {
  const { by } = heldBy(on, setting);
  if (by.length === 0) return null;
  return <p class="held">{words.held(by.map((profile) => profiles[profile].name).join(', '))}</p>;
}
