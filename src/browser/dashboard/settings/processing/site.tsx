/** What is processed on one site. */
import type { ProcessingOfSite } from '../../../../protocol/processing.ts';
import { words } from './words.ts';

export function SiteOfRecord({ site }: { site: ProcessingOfSite }) {
  const { name, origins, questions, files, consent, masked } = site;
  const asked = questions.map(({ kind, label, required }) =>
    [label ?? words.kinds[kind], ...(required ? [`(${words.must})`] : [])].join(' '),
  );
  return (
    <section class="record-site">
      <h4>{name}</h4>
      <p class="soft">{origins.join(', ')}</p>
      <dl>
        <div>
          <dt>{words.asked}</dt>
          <dd>{listed(asked)}</dd>
        </div>
        <div>
          <dt>{words.files}</dt>
          <dd>{listed(files.map((group) => words.groups[group]))}</dd>
        </div>
        <div>
          <dt>{words.masked}</dt>
          <dd>{listed(masked.map((kind) => words.maskedKinds[kind]))}</dd>
        </div>
        <div>
          <dt>{words.consent}</dt>
          <dd>
            {consent === null ? words.noConsent : words.version(consent.version)}
            {Object.entries(consent?.text ?? {}).map(([language, text]) => (
              <blockquote key={language} lang={language}>
                {text}
              </blockquote>
            ))}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function listed(all: readonly string[]): string {
  return all.length === 0 ? words.nothing : all.join(', ');
}
