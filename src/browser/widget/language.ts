/** Which language to speak, and which of a site's texts to show: the best that somebody asked for (RFC 4647, 3.4). */
import type { Localised } from '../../protocol/bodies.ts';

const rightToLeft = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

export interface Choice {
  /** What there is. */
  readonly found: string;
  /** What it was found for, which may say the country too. */
  readonly wanted: string;
}

/** Each wish is shortened part by part until there is something for it; null if there is nothing for any. */
export function choose(wanted: readonly string[], available: readonly string[]): Choice | null {
  for (const tag of wanted) {
    for (let part = tag; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('-')))) {
      const found = available.find((each) => each.toLowerCase() === part.toLowerCase());
      if (found !== undefined) return { found, wanted: tag };
    }
  }
  return null;
}

/** A site's text and its language: what was asked for, else English, else the first that there is. */
export function textFor(wanted: readonly string[], texts: Localised): { lang: string; text: string } | null {
  const lang = choose([...wanted, 'en'], Object.keys(texts))?.found ?? Object.keys(texts)[0];
  const text = lang === undefined ? undefined : texts[lang];
  return lang === undefined || text === undefined ? null : { lang, text };
}

export function directionOf(language: string): 'ltr' | 'rtl' {
  return rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr';
}

/** The loader's `data-lang` stands in the address, behind #; what the browser is set to comes after it. */
export function wishes(fragment: string, browser: readonly string[]): readonly string[] {
  const asked = new URLSearchParams(fragment.slice(1)).get('lang');
  // The name of a language is handed to Intl, which throws at anything else.
  return [asked ?? '', ...browser].filter((tag) => /^[a-z]{2,3}(?:-[a-z\d]{2,8}){0,3}$/i.test(tag));
}
