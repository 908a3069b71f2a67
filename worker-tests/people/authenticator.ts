/** An authenticator in software (WebAuthn Level 3, 6): what a browser and a security key would answer, or a forger. */
import { origin } from '../cast.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Options = { challenge: string; rp?: { id?: string }; rpId?: string; user?: { id: string } };

/** What an honest one would not say. */
export type Lies = {
  origin?: string;
  party?: string;
  unverified?: boolean;
  challenge?: string;
  type?: string;
};

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

export class Authenticator {
  readonly id: string;
  /** How often it was used, as it says itself; one that does not count says 0. */
  counter: number;
  userHandle: string | undefined;
  readonly #counts: boolean;
  readonly #rawId: Bytes;
  readonly #keys: CryptoKeyPair;

  private constructor(keys: CryptoKeyPair, counts: boolean) {
    this.#keys = keys;
    this.#counts = counts;
    this.#rawId = crypto.getRandomValues(new Uint8Array(32));
    this.id = base64url(this.#rawId);
    this.counter = counts ? 1 : 0;
  }

  static async make({ counts = true } = {}): Promise<Authenticator> {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const keys = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
    return new Authenticator(keys, counts);
  }

  /** A new credential, attested by nobody. */
  async attest(options: Options, lies: Lies = {}) {
    this.userHandle = options.user?.id;
    const length = [this.#rawId.length >> 8, this.#rawId.length & 255];
    const credential = [...new Uint8Array(16), ...length, ...this.#rawId, ...(await this.#coseKey())];
    const party = lies.party ?? options.rp?.id ?? '';
    const data = await this.#data(party, ATTESTED, lies, credential);
    const attestation = bytes(
      [0xa3, ...text('fmt'), ...text('none'), ...text('attStmt'), 0xa0, ...text('authData')],
      [0x59, data.length >> 8, data.length & 255],
      data,
    );
    return this.#answer({
      clientDataJSON: clientData('webauthn.create', options, lies),
      attestationObject: base64url(attestation),
    });
  }

  /** An answer to a challenge. */
  async assert(options: Options, lies: Lies = {}) {
    if (this.#counts) this.counter++;
    const data = await this.#data(lies.party ?? options.rpId ?? '', 0, lies);
    const clientDataJSON = clientData('webauthn.get', options, lies);
    const signed = bytes(data, await sha256(decoded(clientDataJSON)));
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
    const signature = new Uint8Array(await crypto.subtle.sign(algorithm, this.#keys.privateKey, signed));
    return this.#answer({
      clientDataJSON,
      authenticatorData: base64url(data),
      signature: base64url(der(signature)),
      ...(this.userHandle === undefined ? {} : { userHandle: this.userHandle }),
    });
  }

  #answer<Response>(response: Response) {
    const { id } = this;
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }

  async #data(party: string, flags: number, lies: Lies, rest: readonly number[] = []): Promise<Bytes> {
    const counter = new Uint8Array(4);
    new DataView(counter.buffer).setUint32(0, this.counter);
    const verified = lies.unverified === true ? 0 : VERIFIED;
    return bytes(await sha256(new TextEncoder().encode(party)), [PRESENT | verified | flags], counter, rest);
  }

  /** RFC 9052, 7: an EC2 key on P-256 for ES256. */
  async #coseKey(): Promise<Bytes> {
    const { x = '', y = '' } = (await crypto.subtle.exportKey('jwk', this.#keys.publicKey)) as JsonWebKey;
    return bytes([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], decoded(x), [0x22, 0x58, 32], decoded(y));
  }
}

function clientData(type: string, { challenge }: Options, lies: Lies): string {
  const said = { type, challenge, origin, crossOrigin: false, ...lies };
  return base64url(new TextEncoder().encode(JSON.stringify(said)));
}

/** A CBOR text string of fewer than 24 bytes. */
function text(value: string): number[] {
  return [0x60 + value.length, ...new TextEncoder().encode(value)];
}

/** From Web Crypto's two halves to ASN.1 (RFC 3279, 2.2.3). */
function der(signature: Bytes): Bytes {
  const half = (part: Bytes) => {
    const from = part.findIndex((byte) => byte !== 0);
    const digits = [...part.slice(from)];
    if ((digits[0] ?? 0) > 127) digits.unshift(0);
    return [2, digits.length, ...digits];
  };
  const both = [...half(signature.slice(0, 32)), ...half(signature.slice(32))];
  return bytes([0x30, both.length, ...both]);
}

function bytes(...parts: readonly ArrayLike<number>[]): Bytes {
  return new Uint8Array(parts.flatMap((part) => Array.from(part)));
}

async function sha256(data: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data));
}

function base64url(data: Uint8Array): string {
  return data.toBase64({ alphabet: 'base64url', omitPadding: true });
}

function decoded(value: string): Uint8Array {
  return Uint8Array.fromBase64(value, { alphabet: 'base64url' });
}
