/**
 * What lies sealed in this browser for one person: AES-256-GCM under a key that only a session of theirs receives,
 * each row bound to its person, conversation and id.
 */
import type { Row, Store } from './store.ts';

const nonceBytes = 12;
const utf8 = new TextEncoder();

type Place = Pick<Row, 'person' | 'conversation' | 'id'>;

export class Chest {
  readonly person: string;
  closed = false;
  #key: Promise<CryptoKey>;
  #store: Store;

  /** @param key 256 bits in base64url */
  constructor(person: string, key: string, store: Store) {
    this.person = person;
    this.#store = store;
    this.#key = imported(key);
    // Where there is no Web Crypto every use of the key says so.
    this.#key.catch(() => {});
  }

  rows(): Promise<readonly Row[]> {
    return this.#store.all(this.person);
  }

  async put(about: Omit<Row, 'person' | 'box'>, text: string): Promise<void> {
    const row = { person: this.person, ...about };
    const iv = crypto.getRandomValues(new Uint8Array(nonceBytes));
    const sealed = await crypto.subtle.encrypt(algorithm(iv, row), await this.#key, utf8.encode(text));
    const box = new Uint8Array(nonceBytes + sealed.byteLength);
    box.set(iv);
    box.set(new Uint8Array(sealed), nonceBytes);
    await this.keep({ ...row, box });
  }

  /** A row that is sealed already. */
  async keep(row: Row): Promise<void> {
    if (!this.closed) await this.#store.put(row);
  }

  /** Null if it was sealed under another key or for another place. */
  async open(row: Row): Promise<string | null> {
    const { box } = row;
    try {
      const way = algorithm(box.subarray(0, nonceBytes), row);
      return new TextDecoder().decode(
        await crypto.subtle.decrypt(way, await this.#key, box.subarray(nonceBytes)),
      );
    } catch {
      return null;
    }
  }

  delete(id: string): Promise<void> {
    return this.#store.delete(this.person, id);
  }

  /** Nothing is put in any more; what lies there stays for the next who may open it. */
  close(): void {
    this.closed = true;
  }

  async empty(): Promise<void> {
    this.close();
    // A store that is denied holds nothing.
    await this.#store.clear(this.person).catch(() => {});
  }
}

async function imported(base64url: string): Promise<CryptoKey> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

function algorithm(iv: Uint8Array<ArrayBuffer>, { person, conversation, id }: Place): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: utf8.encode(JSON.stringify([person, conversation, id])) };
}
