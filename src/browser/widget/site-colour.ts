/** The site's own colour over Sotto's, unless somebody asked for more contrast than a brand may have. */
import type { Palette, Palettes } from '../../protocol/palette.ts';
import { wear } from './sheet.ts';

const sheet = wear('');

export function wearColour({ light, dark }: Palettes): void {
  sheet.replaceSync(
    `@media not (prefers-contrast:more){${tokens(light)}@media(prefers-color-scheme:dark){${tokens(dark)}}}`,
  );
}

function tokens({ accent, accentStrong, onAccent, mine }: Palette): string {
  return `:root{--accent:${accent};--accent-strong:${accentStrong};--on-accent:${onAccent};--mine:${mine}}`;
}
