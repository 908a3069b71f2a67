/** How launcher and frame look. A constructed style sheet also works where the host's policy forbids inline style. */
import css from './looks.css?inline';

export function styleSheet(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

/** Black or white, whichever stands out more from a site's colour; null for what is not spelt `#rrggbb`. */
export function onColour(colour: string): string | null {
  if (!/^#[\da-f]{6}$/i.test(colour)) return null;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(
    (at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#000' : '#fff';
}
