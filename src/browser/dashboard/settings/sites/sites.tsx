/** Sites: the list of them, a new one, or one to change. */
import type { Site, SitesAnswer, Team, TeamsAnswer } from '../../../../protocol/bodies.ts';
import { settingsAddress } from '../../route.ts';
import { Heading } from '../heading.tsx';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words } from '../words.ts';
import { SiteCreator } from './creator.tsx';
import { SiteEditor } from './editor.tsx';

export function Sites({ desk, session, id }: ScreenProps) {
  const { api } = session;
  const loading = useLoading(`sites ${id ?? ''}`, async () => {
    const [{ sites, profiles }, { teams }] = await Promise.all([
      api.get<SitesAnswer>('/api/v1/sites'),
      api.get<TeamsAnswer>('/api/v1/teams'),
    ]);
    return { sites, profiles, teams };
  });
  const changed = (site: Site) => {
    desk.sites.value = new Map(desk.sites.value).set(site.id, site);
  };
  return (
    <Loaded of={loading} until={<Heading title={words.screens.sites} />}>
      {({ sites, profiles, teams }) => {
        if (id === null) return <SiteList sites={sites} teams={teams} />;
        if (id === 'new') return <SiteCreator api={api} teams={teams} created={changed} />;
        const site = sites.find((each) => each.id === id);
        if (site === undefined) return <Gone />;
        return <SiteEditor key={id} api={api} site={site} teams={teams} held={profiles} changed={changed} />;
      }}
    </Loaded>
  );
}

function SiteList({ sites, teams }: { sites: readonly Site[]; teams: readonly Team[] }) {
  const teamOf = new Map<string, string>(teams.map(({ id, name }) => [id, name]));
  const byName = [...sites].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <>
      <Heading title={words.screens.sites}>
        <a class="button first" href={settingsAddress('sites', 'new')}>
          {words.sites.create}
        </a>
      </Heading>
      <p class="soft">{words.sites.intro}</p>
      {sites.length === 0 && <p class="nothing">{words.sites.none}</p>}
      <ul class="rows">
        {byName.map((site) => (
          <li key={site.id}>
            <a href={settingsAddress('sites', site.id)}>
              <span class="row-name">{site.name}</span>
              <span class="soft">{teamOf.get(site.team)}</span>
              <span class="soft row-more">{site.origins.join(', ')}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

function Gone() {
  return (
    <>
      <Heading title={words.screens.sites} back={settingsAddress('sites')} />
      <p>{words.missing}</p>
    </>
  );
}
