/** What every part of a site's form is given: all of the draft, and a way to change it. */
import type { Draft } from './draft.ts';

export interface PartProps {
  draft: Draft;
  /** The language whose texts are being written. */
  language: string;
  change: (patch: Partial<Draft>) => void;
}
