/** Passkeys among what the browser offers to fill in, as long as the page is looked at. */
import { ApiError } from '../../api.ts';
import type { Session } from '../session.ts';

/** A challenge is good for five minutes; before it is too old, the next takes its place. */
const renewal = 4 * 60_000;

/**
 * @param refused hears why a passkey that was chosen did not let in
 * @returns how to stop
 */
export function offerPasskeys(session: Session, refused: (why: string) => void): () => void {
  let over = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const begin = () => {
    clearTimeout(timer);
    over.abort();
    if (stopped || document.visibilityState !== 'visible') return;
    over = new AbortController();
    // Whatever else keeps it from being offered, the button is there.
    session.enterByPasskey({ over: over.signal }).catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 'wrong_passkey') refused(error.detail);
    });
    timer = setTimeout(begin, renewal);
  };
  void offers().then((can) => {
    if (!can || stopped) return;
    document.addEventListener('visibilitychange', begin);
    begin();
  });
  return () => {
    stopped = true;
    document.removeEventListener('visibilitychange', begin);
    begin();
  };
}

async function offers(): Promise<boolean> {
  if (typeof PublicKeyCredential !== 'function') return false;
  if (!('isConditionalMediationAvailable' in PublicKeyCredential)) return false;
  return PublicKeyCredential.isConditionalMediationAvailable();
}
