/** What a customer must agree to before their first message. */
import { limits } from '../../../../protocol/limits.ts';
import { Area, Line, Tick } from '../../form/field.tsx';
import { words } from '../words.ts';
import type { PartProps } from './part-props.ts';
import { inLanguage, spokenAs, writtenIn } from './texts.tsx';

const version = /^[\w.-]{1,40}$/;

export function ConsentFields({ draft: { consent }, language, change }: PartProps) {
  const said = Object.values(consent?.text ?? {}).some((text) => text.trim() !== '');
  return (
    <fieldset class="group">
      <legend>{words.sites.consent}</legend>
      <Tick
        label={words.sites.consentAsk}
        checked={consent !== null}
        change={(wanted) => change({ consent: wanted ? { version: '1', text: {} } : null })}
      />
      {consent !== null && (
        <>
          <Area
            label={inLanguage(words.sites.consentText, language)}
            {...writtenIn(language)(consent.text, (text) => change({ consent: { ...consent, text } }))}
            check={() => (said ? null : words.sites.consentMissing)}
            area={{ ...spokenAs(language), maxLength: limits.siteTextLength }}
          />
          <Line
            label={words.sites.version}
            hint={words.sites.versionHint}
            value={consent.version}
            change={(value) => change({ consent: { ...consent, version: value.trim() } })}
            check={(value) => (version.test(value) ? null : words.sites.versionWrong)}
            input={{ required: true, autocomplete: 'off', maxLength: 40 }}
          />
        </>
      )}
    </fieldset>
  );
}
