/** The same customer's other conversations on this site; each opens. */
import type { EarlierAnswer } from '../../../protocol/bodies.ts';
import { useLoading, Loaded } from '../form/loaded.tsx';
import { Time } from '../../ui/time.tsx';
import type { Here } from '../conversation/doing.ts';
import { addressOf } from '../route.ts';
import { words } from './words.ts';

export function Earlier({ here: { desk, room } }: { here: Here }) {
  const loading = useLoading(room.client.id, () => desk.acts.earlier(room.client.id));
  return (
    <section>
      <h3>{words.earlier}</h3>
      <Loaded of={loading}>
        {(conversations) =>
          conversations.length === 0 ? (
            <p class="soft">{words.noEarlier}</p>
          ) : (
            <ul class="earlier">
              {conversations.map(({ id, state, startedAt }) => (
                <li key={id}>
                  <a href={addressOf(id)}>
                    <Time at={startedAt} />
                  </a>{' '}
                  <span class="soft">{stateOf(state)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function stateOf(state: EarlierAnswer['conversations'][number]['state']): string {
  return Object.hasOwn(words.states, state) ? words.states[state as keyof typeof words.states] : state;
}
