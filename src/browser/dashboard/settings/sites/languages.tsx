/** The languages of a site's texts: which one is being written, one more, or one less. */
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ask } from '../../dialog/ask.ts';
import { words } from '../words.ts';
import type { PartProps } from './part-props.ts';

const tag = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/;
const names = new Intl.DisplayNames(undefined, { type: 'language' });

export function nameOfLanguage(language: string): string {
  try {
    return names.of(language) ?? language;
  } catch {
    return language;
  }
}

export function LanguageBar({
  draft,
  language,
  change,
  choose,
}: PartProps & { choose: (language: string) => void }) {
  const { languages } = draft;
  const remove = async () => {
    if (!(await ask({ ...words.sites.removeLanguageAsk(nameOfLanguage(language)), danger: true }))) return;
    change({ languages: languages.filter((each) => each !== language) });
  };
  return (
    <div class="languages">
      <div class="chosen" role="group" aria-label={words.sites.language}>
        {languages.map((each) => (
          <Button key={each} small kind="quiet" pressed={each === language} onPress={() => choose(each)}>
            {nameOfLanguage(each)}
          </Button>
        ))}
        {languages.length > 1 && (
          <Button small kind="quiet" onPress={() => void remove()}>
            {words.sites.removeLanguage(nameOfLanguage(language))}
          </Button>
        )}
      </div>
      {languages.length < limits.languages && (
        <AddLanguage
          languages={languages}
          add={(added) => {
            change({ languages: [...languages, added] });
            choose(added);
          }}
        />
      )}
    </div>
  );
}

function AddLanguage({ languages, add }: { languages: readonly string[]; add: (language: string) => void }) {
  const wanted = useSignal('');
  const problem = useSignal<string | null>(null);
  const id = useId();
  const submit = () => {
    const language = wanted.value.trim();
    if (!tag.test(language)) problem.value = words.sites.languageWrong;
    else if (languages.includes(language)) problem.value = words.sites.languageThere;
    else {
      problem.value = null;
      wanted.value = '';
      add(language);
    }
  };
  return (
    <div class="field">
      <label for={id}>{words.sites.addLanguage}</label>
      <div class="add-line">
        <input
          id={id}
          value={wanted.value}
          list={`${id}-known`}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-describedby={`${id}-hint`}
          onInput={(event) => {
            wanted.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            // Enter here adds the language, and does not save the site.
            event.preventDefault();
            submit();
          }}
        />
        <Button onPress={submit}>{words.sites.add}</Button>
      </div>
      <datalist id={`${id}-known`}>
        {['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'tr', 'ar'].map((language) => (
          <option key={language} value={language}>
            {nameOfLanguage(language)}
          </option>
        ))}
      </datalist>
      <p id={`${id}-hint`} class="soft">
        {words.sites.addLanguageHint}
      </p>
      <Problem text={problem.value} />
    </div>
  );
}
