/** Who else has proved the same address: a person is a customer of each site by themselves, and may mean all of it. */
import type { FullRequest } from '../../../../protocol/privacy.ts';
import { settingsAddress } from '../../route.ts';
import type { ScreenProps } from '../screen-props.ts';
import { signOf } from './sign.ts';
import { words } from './words.ts';

interface Props {
  request: FullRequest;
  desk: ScreenProps['desk'];
}

export function Others({ request: { others, kind, law }, desk }: Props) {
  if (others.length === 0) return null;
  return (
    <section aria-labelledby="request-others">
      <h3 id="request-others">{words.others}</h3>
      <p class="soft">{words.othersMean}</p>
      <ul class="rows">
        {others.map(({ visitor, site, waits }) => {
          const name = [signOf(visitor), desk.sites.value.get(site)?.name].filter(Boolean).join(' · ');
          const to = settingsAddress('privacy', waits ?? visitor);
          return (
            <li key={visitor}>
              <a href={waits === null ? `${to}?kind=${kind}&law=${law}` : to}>
                <span class="row-name">{waits === null ? words.openAlso : words.seeAlso}</span>
                <span class="soft row-more">{name}</span>
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
