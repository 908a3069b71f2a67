/** One tab refreshes for all: grants and their end go from tab to tab, in memory and within this origin only. */
import { effect } from '@preact/signals';
import type { StaffSession } from '../../protocol/bodies.ts';
import type { SignedIn } from '../api.ts';

type Shared = { grant: StaffSession | null };

export function shareGrants(api: SignedIn<StaffSession>): void {
  const channel = new BroadcastChannel('sotto-session');
  let known: StaffSession | null = null;

  channel.addEventListener('message', ({ data }: MessageEvent<Shared>) => {
    const mine = api.grant.peek();
    // A tab that waits to sign in does not jump; one of another person must not go on with a foreign cookie.
    if (mine === null) return;
    known = data.grant;
    if (data.grant === null) api.forget();
    else if (data.grant.person.id === mine.person.id) api.take(data.grant);
    else location.reload();
  });

  effect(() => {
    const grant = api.grant.value;
    if (grant === known) return;
    known = grant;
    channel.postMessage({ grant } satisfies Shared);
  });
}
