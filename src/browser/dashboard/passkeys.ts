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

/** Has a passkey answer. @throws {RangeError} in plain words where none did */
export async function answered(
  { options, token }: CeremonyAnswer,
  offer?: { over: AbortSignal },
): Promise<Answered> {
  offer?.over.addEventListener('abort', () => {
    WebAuthnAbortService.cancelCeremony();
  });
  offer?.over.throwIfAborted();
  return inWords(async () => ({
    token,
    response: await startAuthentication({
      optionsJSON: options as PublicKeyCredentialRequestOptionsJSON,
      useBrowserAutofill: offer !== undefined,
    }),
  }));
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
