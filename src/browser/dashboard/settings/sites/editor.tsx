/** Everything about one site. */
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Site, SiteAnswer, Team } from '../../../../protocol/bodies.ts';
import type { ProfileId } from '../../../../protocol/laws.ts';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { Heading } from '../heading.tsx';
import { words } from '../words.ts';
import { BasicFields } from './basics.tsx';
import { ColourField } from './colour.tsx';
import { ConsentFields } from './consent.tsx';
import { type Draft, draftOf, originsOf, settingsOf } from './draft.ts';
import { FileFields } from './files.tsx';
import { Identity } from './identity.tsx';
import { KeptFields } from './kept.tsx';
import { LanguageBar } from './languages.tsx';
import { MaskingFields } from './masking.tsx';
import { OpeningHours } from './opening.tsx';
import { Preview } from './preview.tsx';
import { Questions } from './questions.tsx';
import { loaderLine } from './lines.ts';
import { Snippet } from '../snippet.tsx';
import { TextFields } from './texts.tsx';

interface Props {
  api: Session['api'];
  site: Site;
  teams: readonly Team[];
  /** The profiles that are on. */
  held: readonly ProfileId[];
  changed: (site: Site) => void;
}

export function SiteEditor({ api, site, teams, held, changed }: Props) {
  const saved = useSignal(draftOf(site));
  const draft = useKept(site.id, saved.value);
  const id = useId();
  const chosen = useSignal(navigator.language.split('-')[0] ?? '');
  const change = (patch: Partial<Draft>) => {
    draft.value = { ...draft.value, ...patch };
  };
  const submit = async () => {
    const written = draft.value;
    const { name, team } = written;
    const body = { name, team, origins: originsOf(written.origins), settings: settingsOf(written) };
    const answer = await api.patch<SiteAnswer>(`/api/v1/sites/${encodeURIComponent(site.id)}`, body);
    saved.value = written;
    changed(answer.site);
  };
  const language = draft.value.languages.includes(chosen.value)
    ? chosen.value
    : (draft.value.languages[0] ?? 'en');
  const part = { draft: draft.value, language, change };
  return (
    <>
      <Heading title={saved.value.name} back={settingsAddress('sites')} />
      <section class="group snippet" aria-labelledby={id}>
        <h3 id={id}>{words.sites.snippet}</h3>
        <p class="soft">{words.sites.snippetHint}</p>
        <Snippet name={words.sites.line} text={loaderLine(site.id)} />
      </section>
      <Identity api={api} site={site.id} />
      <Form
        action={words.save}
        submit={submit}
        changed={() => JSON.stringify(draft.value) !== JSON.stringify(saved.value)}
        done={words.saved}
      >
        <fieldset class="group">
          <legend>{words.sites.basics}</legend>
          <BasicFields basics={draft.value} teams={teams} change={change} />
        </fieldset>
        <div class="beside">
          <ColourField {...part} />
          <Preview {...part} />
        </div>
        <fieldset class="group">
          <legend>{words.sites.texts}</legend>
          <p class="soft">{words.sites.textsHint}</p>
          <LanguageBar
            {...part}
            choose={(wanted) => {
              chosen.value = wanted;
            }}
          />
          <TextFields {...part} />
        </fieldset>
        <Questions {...part} />
        <ConsentFields {...part} />
        <OpeningHours {...part} />
        <MaskingFields {...part} held={held} />
        <FileFields {...part} held={held} />
        <KeptFields {...part} kind="conversations" api={api} site={site.id} saved={saved.value} held={held} />
        <KeptFields {...part} kind="visitors" api={api} site={site.id} saved={saved.value} held={held} />
      </Form>
    </>
  );
}
