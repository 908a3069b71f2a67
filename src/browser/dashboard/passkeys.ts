/** Passkeys as this browser makes and uses them. Fetched when they are first wanted. */
import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  WebAuthnError,
} from '@simplewebauthn/browser';
import type { CeremonyAnswer } from '../../protocol/sign-in.ts';
import { words } from './words.ts';

/** What a ceremony is answered with. */
interface Answered {
  token: string;
  response: object;
}

/** Somebody has asked for a passkey by a button; what is merely offered does not come between. */
let wanted = 0;

/** Has a passkey answer. @throws {RangeError} in plain words where none did */
export async function answered(
  { options, token }: CeremonyAnswer,
  offer?: { over: AbortSignal },
): Promise<Answered> {
  if (offer !== undefined && (wanted > 0 || offer.over.aborted)) throw new RangeError(words.passkeyNone);
  const stop = () => {
    WebAuthnAbortService.cancelCeremony();
  };
  if (offer === undefined) wanted++;
  else offer.over.addEventListener('abort', stop);
  try {
    return await inWords(async () => ({
      token,
      response: await startAuthentication({
        optionsJSON: options as PublicKeyCredentialRequestOptionsJSON,
        useBrowserAutofill: offer !== undefined,
      }),
    }));
  } finally {
    if (offer === undefined) wanted--;
    // What it would cancel from here on is another's.
    else offer.over.removeEventListener('abort', stop);
  }
}

/** Makes a new one. @throws {RangeError} in plain words where none was made */
export async function made({ options, token }: CeremonyAnswer): Promise<Answered> {
  return inWords(async () => ({
    token,
    response: await startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON }),
  }));
}

async function inWords<Value>(ceremony: () => Promise<Value>): Promise<Value> {
  try {
    return await ceremony();
  } catch (error) {
    const known =
      error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED';
    throw new RangeError(known ? words.passkeyKnown : words.passkeyNone, { cause: error });
  }
}
