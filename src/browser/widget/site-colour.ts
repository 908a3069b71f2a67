/** The site's own colour over Sotto's, unless somebody asked for more contrast than a brand may have. */
import { paletteOf } from '../ui/colour.ts';

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);

export function wear(colour: string): void {
  const tokens = (look: 'light' | 'dark') => {
    const { accent, accentStrong, onAccent, mine } = paletteOf(colour, look);
    return `:root{--accent:${accent};--accent-strong:${accentStrong};--on-accent:${onAccent};--mine:${mine}}`;
  };
  sheet.replaceSync(
    `@media not (prefers-contrast:more){${tokens('light')}@media(prefers-color-scheme:dark){${tokens('dark')}}}`,
  );
}
