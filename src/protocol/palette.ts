/** A site's colour, made fit to be read on and told apart on light and dark grounds (WCAG 2.2, 1.4.3 and 1.4.11). */

export interface Palette {
  /** Buttons, and words that stand out. */
  readonly accent: string;
  /** The same under a pointer. */
  readonly accentStrong: string;
  readonly onAccent: string;
  /** Behind what one has written oneself. */
  readonly mine: string;
}

type Rgb = readonly [number, number, number];

/** The grounds and the ink of tokens.css: whatever stands on the strongest of the grounds stands on all. */
const looks = {
  light: { ground: '#ffffff', strongest: '#e6ebe9', ink: '#16211e' },
  dark: { ground: '#131816', strongest: '#28312e', ink: '#e8eeeb' },
} as const;
const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];
const text = 4.5;
const steps = 50;

/** One for each look that a browser may ask for. */
export type Palettes = Readonly<Record<keyof typeof looks, Palette>>;

/** @param colour as `#rrggbb` */
export function palettesOf(colour: string): Palettes {
  return { light: paletteOf(colour, 'light'), dark: paletteOf(colour, 'dark') };
}

/** @param colour as `#rrggbb` */
export function paletteOf(colour: string, look: keyof typeof looks): Palette {
  const own = rgbOf(colour);
  const { ground, strongest, ink } = looks[look];
  const away = look === 'light' ? black : white;
  const accent = nearest(own, away, (candidate) => contrast(candidate, rgbOf(strongest)) >= text);
  const mine = nearest(
    mixed(own, rgbOf(ground), look === 'light' ? 0.85 : 0.7),
    rgbOf(ground),
    (candidate) => contrast(candidate, rgbOf(ink)) >= 1.5 * text,
  );
  const accentStrong = mixed(accent, away, 0.2);
  return {
    accent: hexOf(accent),
    accentStrong: hexOf(accentStrong),
    // The accent is darker than every light ground and lighter than every dark one, so the other end reads on it.
    onAccent: hexOf(look === 'light' ? white : black),
    mine: hexOf(mine),
  };
}

/** WCAG's contrast of two colours as `#rrggbb`, from 1 to 21. */
export function contrastOf(one: string, other: string): number {
  return contrast(rgbOf(one), rgbOf(other));
}

/** The first on the way from one colour to another that will do; the other end if none does before. */
function nearest(from: Rgb, to: Rgb, fits: (colour: Rgb) => boolean): Rgb {
  for (let step = 0; step < steps; step++) {
    const candidate = mixed(from, to, step / steps);
    if (fits(candidate)) return candidate;
  }
  return to;
}

function contrast(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  const linear = (channel: number) =>
    channel <= 10 ? channel / 3294 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Whole channels, so that what is measured is what is shown. */
function mixed(one: Rgb, other: Rgb, share: number): Rgb {
  const mix = (index: 0 | 1 | 2) => Math.round(one[index] + (other[index] - one[index]) * share);
  return [mix(0), mix(1), mix(2)];
}

function rgbOf(hex: string): Rgb {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function hexOf([red, green, blue]: Rgb): string {
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`;
}
