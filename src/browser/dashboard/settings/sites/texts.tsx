/** The texts that a widget greets with, in the language that is chosen. */
import type { Localised } from '../../../../protocol/bodies.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Area, Line } from '../../form/field.tsx';
import { words } from '../words.ts';
import type { PartProps } from './part-props.ts';
import { nameOfLanguage } from './languages.tsx';

export function TextFields({ draft, language, change }: PartProps) {
  const [title, greeting] = [draft.title, draft.greeting];
  const field = writtenIn(language);
  return (
    <>
      <Line
        label={inLanguage(words.sites.title, language)}
        {...field(title, (texts) => change({ title: texts }))}
        input={{ ...spokenAs(language), maxLength: limits.siteTextLength }}
      />
      <Area
        label={inLanguage(words.sites.greeting, language)}
        {...field(greeting, (texts) => change({ greeting: texts }))}
        area={{ ...spokenAs(language), maxLength: limits.siteTextLength }}
      />
    </>
  );
}

/** The label says the language, so that nobody has to remember which one is chosen. */
export function inLanguage(label: string, language: string): string {
  return `${label} (${nameOfLanguage(language)})`;
}

/** A field's value and change, for one language of a text. */
export function writtenIn(language: string) {
  return (texts: Localised, change: (texts: Localised) => void) => ({
    value: texts[language] ?? '',
    change: (text: string) => change({ ...texts, [language]: text }),
  });
}

export function spokenAs(language: string) {
  return { lang: language, dir: 'auto' as const };
}
