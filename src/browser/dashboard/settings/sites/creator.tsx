/** A new site: the little that it needs. All else can be said once it is there. */
import { useSignal } from '@preact/signals';
import type { Site, SiteAnswer, Team } from '../../../../protocol/bodies.ts';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { goTo, settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { Heading } from '../heading.tsx';
import { words } from '../words.ts';
import { type Basics, BasicFields } from './basics.tsx';
import { originsOf } from './draft.ts';

interface Props {
  api: Session['api'];
  teams: readonly Team[];
  created: (site: Site) => void;
}

export function SiteCreator({ api, teams, created }: Props) {
  const empty = { name: '', team: teams[0]?.id ?? '', origins: '' };
  const basics = useKept<Basics>('a new site', empty);
  const done = useSignal(false);
  const submit = async () => {
    const { name, team, origins } = basics.value;
    const body = { name, team, origins: originsOf(origins) };
    const { site } = await api.post<SiteAnswer>('/api/v1/sites', body);
    done.value = true;
    created(site);
    goTo(settingsAddress('sites', site.id));
  };
  return (
    <>
      <Heading title={words.sites.create} back={settingsAddress('sites')} />
      <Form
        action={words.sites.createAction}
        submit={submit}
        changed={() => !done.value && (basics.value.name !== '' || basics.value.origins !== '')}
      >
        <BasicFields
          basics={basics.value}
          teams={teams}
          change={(patch) => {
            basics.value = { ...basics.value, ...patch };
          }}
        />
      </Form>
    </>
  );
}
