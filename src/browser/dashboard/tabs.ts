/** What the tabs of one browser share: one refreshes for all, one tells the news for all. */
import { effect } from '@preact/signals';
import type { StaffSession } from '../../protocol/sign-in.ts';
import type { SignedIn } from '../api.ts';
import type { Surroundings } from '../connection.ts';
import { startAnew } from './start-anew.ts';

/** `over`: somebody signed out, rather than a session ran out. */
type Shared = { grant: StaffSession | null; over?: true };

/** Grants and their end go from tab to tab, in memory and within this origin only. The answer says that it is over. */
export function shareGrants(api: SignedIn<StaffSession>, surroundings: Surroundings): () => void {
  let known: StaffSession | null = null;
  /** Who was signed in here last, whose things this page may still hold. */
  let last: string | null = null;
  const say = surroundings.channel('sotto-session', (data) => {
    const { grant, over } = data as Shared;
    const mine = api.grant.peek();
    // What signing out gave up goes from no tab any more, not from one either whose session had run out before.
    if (over === true && last !== null) startAnew();
    // A tab that waits for somebody to sign in does not jump, unless it is they, whom it is locked for.
    if (over === true || (mine === null && grant?.person.id !== last)) return;
    known = grant;
    if (grant === null) api.forget();
    else if (grant.person.id === last) api.take(grant);
    // One of another person must not go on with a foreign cookie.
    else startAnew();
  });

  effect(() => {
    const grant = api.grant.value;
    last = grant?.person.id ?? last;
    if (grant === known) return;
    known = grant;
    say({ grant } satisfies Shared);
  });

  return () => say({ grant: null, over: true } satisfies Shared);
}

/** As long as several tabs may hear of the same thing, and more of it needs no telling. */
const echo = 3_000;
/** The same where nobody needed to be told: who looks away now hears of what comes next. */
const glance = 500;
/** The tab that is looked at goes first. */
const headStart = 200;

/**
 * Lets one tab act, and not again for a moment; where locks are denied each tab stands for itself.
 * @param act says whether anybody needed it
 */
export function byOneTab(name: string, act: () => boolean): void {
  setTimeout(
    () => {
      const turn = (lock: Lock | null) => {
        if (lock === null) return undefined;
        const quiet = act() ? echo : glance;
        return new Promise<void>((resolve) => setTimeout(resolve, quiet));
      };
      try {
        navigator.locks.request(name, { ifAvailable: true }, turn).catch(act);
      } catch {
        act();
      }
    },
    document.visibilityState === 'visible' ? 0 : headStart,
  );
}
