/** The ledger: who did and read what, to be looked through, taken along and verified. */
import type { LedgerAnswer } from '../../../../protocol/ledger.ts';
import { holding, Loaded, useLoading } from '../../form/loaded.tsx';
import { lazy } from '../../lazy.tsx';
import { everMay } from '../../rights.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words as settingsWords } from '../words.ts';
import { Entries } from './entries.tsx';
import { Chosen, Filters } from './filters.tsx';
import { filterIn, reachesArchive, wishOf } from './filter.ts';
import './ledger.css';
import { knownTo, namesIn } from './names.ts';
import { Take } from './take.tsx';
import { Whole } from './whole.tsx';
import { words } from './words.ts';

/** Fetched with this screen, so that it is there when somebody goes offline for it. */
const Verify = lazy(
  async () => (await import('./verify/verify.tsx')).Verify,
  (content, failed) => failed && <div>{content}</div>,
);

export function Ledger({ desk, session: { api }, query }: ScreenProps) {
  const filter = filterIn(query);
  const wish = wishOf(filter);
  const pageBefore = (before?: string) => {
    const asked = new URLSearchParams({ ...wish, ...(before !== undefined && { before }) });
    return api.get<LedgerAnswer>(`/api/v1/ledger?${asked.toString()}`);
  };
  const known = useLoading('known in the ledger', () => knownTo(desk, api));
  const page = useLoading(`ledger ${query}`, () => pageBefore());
  return (
    <>
      <Heading title={settingsWords.screens.ledger} />
      <p class="soft">{words.intro}</p>
      <Loaded of={holding(known, page)}>
        {(found) => {
          const nameOf = namesIn(found, desk);
          return (
            <>
              <div class="ledger-parts">
                <Filters filter={filter} people={found.people} nameOf={nameOf} />
                {everMay(desk.person.value, 'ledger.export') && <Take api={api} filter={filter} />}
                <Whole api={api} isOwner={everMay(desk.person.value, 'owners.appoint')} />
                <Verify />
              </div>
              <Chosen filter={filter} nameOf={nameOf} />
              <Loaded of={page}>
                {(first) => (
                  <Entries
                    key={query}
                    desk={desk}
                    nameOf={nameOf}
                    first={first}
                    isNarrowed={Object.keys(filter).length > 0}
                    isPartial={reachesArchive(filter, first.archive)}
                    pageBefore={pageBefore}
                  />
                )}
              </Loaded>
            </>
          );
        }}
      </Loaded>
    </>
  );
}
