/** What a screen shows before its data is there: that it comes, or that it could not come and may be asked for again. */
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { ApiError } from '../../api.ts';
import { mayPass } from '../../connection.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { inWords } from './in-words.ts';
import { words } from '../words.ts';

type State<Value> =
  | { is: 'loading' }
  | { is: 'failed'; code: string; why: string; mayPass: boolean }
  | { is: 'here'; value: Value };

export interface Loading<Value> {
  state: Signal<State<Value>>;
  again: () => void;
  /**
   * Asks again by itself: what is shown stays until there is something else to show, also that it could not come, which is
   * said once for as long as it lasts.
   */
  refresh: () => void;
}

/** Loads once for each `key`; an answer to an older question is left out. */
export function useLoading<Value>(key: string, load: () => Promise<Value>): Loading<Value> {
  const state = useSignal<State<Value>>({ is: 'loading' });
  const begin = useCallback(
    (keep: boolean) => {
      let wanted = true;
      if (!keep) state.value = { is: 'loading' };
      load().then(
        (value) => {
          if (wanted) state.value = { is: 'here', value };
        },
        (error: unknown) => {
          const code = error instanceof ApiError ? error.code : '';
          const before = state.peek();
          // The same has another number each time, and would be said anew.
          const isSaid = before.is === 'failed' && before.code === code;
          if (wanted && !isSaid)
            state.value = { is: 'failed', code, why: inWords(error), mayPass: mayPass(error) };
        },
      );
      return () => {
        wanted = false;
      };
      // `load` is made anew at every render; what it loads is told by the key.
    },
    [key],
  );
  useEffect(() => begin(false), [begin]);
  // What is shown stays until there is something newer.
  return { state, again: () => void begin(state.peek().is === 'here'), refresh: () => void begin(true) };
}

const always = () => true;

/**
 * Has it refreshed every so many milliseconds for as long as something goes on there, as was seen last: a look that fails
 * ends nothing, unless it was refused. A page that nobody looks at asks for nothing.
 */
export function useRefreshing<Value>(
  loading: Loading<Value>,
  every: number,
  goesOn: (value: Value) => boolean = always,
): void {
  const newest = useRef(loading);
  const isOn = useRef(goesOn === always);
  const now = loading.state.value;
  newest.current = loading;
  if (now.is === 'here') isOn.current = goesOn(now.value);
  else if (now.is === 'failed' && !now.mayPass) isOn.current = false;
  useEffect(() => {
    if (!isOn.current) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') newest.current.refresh();
    }, every);
    return () => clearInterval(timer);
  }, [isOn.current, every]);
}

/** What others stand in: whoever asks for it again means them, too. */
export function holding<Value>(
  outer: Loading<Value>,
  ...inner: readonly Pick<Loading<unknown>, 'again'>[]
): Loading<Value> {
  return {
    ...outer,
    again: () => {
      for (const each of [outer, ...inner]) each.again();
    },
  };
}

interface Props<Value> {
  of: Loading<Value>;
  /** What says where one is until it is here, if what is loaded says it afterwards. */
  until?: ComponentChildren;
  children: (value: Value) => ComponentChildren;
}

export function Loaded<Value>({ of: { state, again }, until, children }: Props<Value>) {
  const now = state.value;
  return (
    <>
      {now.is !== 'here' && until}
      {now.is === 'loading' && (
        <p class="soft" role="status">
          {words.loading}
        </p>
      )}
      <Problem text={now.is === 'failed' ? now.why : null} />
      {now.is === 'failed' && (
        <p>
          <Button onPress={() => again()}>{words.retry}</Button>
        </p>
      )}
      {now.is === 'here' && children(now.value)}
    </>
  );
}
