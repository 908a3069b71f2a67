/** What holds for the whole organisation. */
import { useSignal } from '@preact/signals';
import type { ProfileId } from '../../../../protocol/laws.ts';
import { lifetimes, limits } from '../../../../protocol/limits.ts';
import { networkFrom } from '../../../../protocol/networks.ts';
import type { OrganisationAnswer, OrganisationSettings } from '../../../../protocol/organisation.ts';
import type { RolesAnswer } from '../../../../protocol/roles.ts';
import { Area, Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { everMay } from '../../rights.ts';
import type { Session } from '../../session.ts';
import { Heading } from '../heading.tsx';
import { Held, endOf } from '../held.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { allRoles } from '../roles/all.ts';
import { words } from '../words.ts';
import { Budgets } from './budgets.tsx';
import { LedgerDetails } from './details.tsx';
import { Pgp } from './pgp.tsx';

const path = '/api/v1/organisation';
const minute = 60_000;
const [least, usualMost] = [lifetimes.sessionIdleMin / minute, lifetimes.sessionIdleMax / minute];

export function Organisation({ desk, session: { api } }: ScreenProps) {
  const me = desk.person.value;
  const isOwner = everMay(me, 'owners.appoint');
  const loading = useLoading('organisation', async () => {
    const rolesKnown = everMay(me, 'people.list') ? api.get<RolesAnswer>('/api/v1/roles') : { roles: [] };
    const [answer, { roles }] = await Promise.all([api.get<OrganisationAnswer>(path), rolesKnown]);
    return { ...answer, roles };
  });
  return (
    <>
      <Heading title={words.screens.organisation} />
      <Loaded of={loading}>
        {({ organisation, address, profiles, roles, pgp }) => (
          <>
            <SignInRules api={api} known={organisation} address={address} isOwner={isOwner} held={profiles} />
            <LedgerDetails api={api} known={organisation} held={profiles} />
            <Budgets api={api} known={organisation} roles={allRoles(roles)} />
            <Pgp api={api} known={pgp} isOwner={isOwner} />
          </>
        )}
      </Loaded>
    </>
  );
}

interface Props {
  api: Session['api'];
  known: OrganisationSettings;
  address: string | null;
  /** Networks can shut anybody out, and so are for owners alone. */
  isOwner: boolean;
  /** The profiles that are on. */
  held: readonly ProfileId[];
}

function SignInRules({ api, known, address, isOwner, held }: Props) {
  const most = endOf(held, 'idleMinutes', usualMost);
  const saved = useSignal(draftOf(known));
  const draft = useKept('the organisation', saved.peek());
  const change = (patch: Partial<typeof draft.value>) => {
    draft.value = { ...draft.value, ...patch };
  };
  const submit = async () => {
    const { minutes, networks } = draft.value;
    const wish = {
      idleMinutes: Number(minutes),
      ...(networks === saved.value.networks ? {} : { networks: linesOf(networks) }),
    };
    const { organisation } = await api.patch<OrganisationAnswer>(path, wish);
    saved.value = draft.value = draftOf(organisation);
  };
  const { organisation } = words;
  return (
    <>
      <h3>{organisation.signIn}</h3>
      <p class="soft">{organisation.intro}</p>
      <Form
        action={words.save}
        submit={submit}
        changed={() => JSON.stringify(draft.value) !== JSON.stringify(saved.value)}
        done={words.saved}
      >
        <Line
          label={organisation.idle}
          hint={organisation.idleHint(least, most)}
          value={draft.value.minutes}
          change={(minutes) => change({ minutes })}
          input={{ type: 'number', min: least, max: most, step: 1, required: true }}
        />
        <Held on={held} setting="idleMinutes" />
        <Area
          label={organisation.networks}
          hint={
            <>
              {organisation.networksHint} {address !== null && organisation.here(address)}{' '}
              {!isOwner && organisation.networksOwners}
            </>
          }
          value={draft.value.networks}
          change={(networks) => change({ networks })}
          check={networksProblem}
          disabled={!isOwner}
          area={{ rows: 4, spellcheck: false, autocapitalize: 'off' }}
        />
      </Form>
    </>
  );
}

function draftOf({ idleMinutes, networks }: OrganisationSettings) {
  return { minutes: String(idleMinutes), networks: networks.join('\n') };
}

function linesOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((line) => line !== '');
}

function networksProblem(text: string): string | null {
  const lines = linesOf(text);
  if (lines.length > limits.networks) return words.organisation.networksMany(limits.networks);
  const wrong = lines.find((line) => networkFrom(line) === undefined);
  return wrong === undefined ? null : words.organisation.networksWrong(wrong);
}
