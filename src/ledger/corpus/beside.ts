/* What lies beside the tree, and of which an entry has the digest: personal details, and a conversation's messages. */
import canonicalize from 'canonicalize';
import { createCipheriv, createHash, hkdfSync } from 'node:crypto';
import { bind, toBase64url } from '../../vault.ts';
import { type Corpus, hex, type Message, run, spoiled, unhex } from './format.ts';
import { uuid } from './leaves.ts';

const key = run(32, 0x40);

export function detailsVectors(): Corpus['details'] {
  const entry = uuid(2);
  const sealed = (what: Record<string, string>, salt = run(16, 0xe0), by = key) => {
    const plain = new Uint8Array([...salt, ...new TextEncoder().encode(canonicalize(what))]);
    const digest = toBase64url(createHash('sha256').update(plain).digest());
    const kept = {
      key: hex(by),
      entry,
      sealed: hex(seal(by, bind('sotto/ledger-details/1', [entry]), plain)),
    };
    return { ...kept, digest, salt: hex(salt), what };
  };
  const what = { network: '203.0.113.0/24', device: 'Firefox on Linux', country: 'NL' };
  const good = sealed(what);
  const { salt: _, what: __, ...kept } = good;
  const bad = (bent: Partial<typeof kept>, why: string) =>
    spoiled({ ...kept, ...bent }, 'envelope_refused', why);
  return [
    good,
    sealed({}),
    sealed({ reason: 'Sie hat angerufen ☎' }, run(16, 0xf0)),
    bad({ digest: sealed(what, run(16, 0xe1)).digest }, 'another salt than the entry was promised'),
    bad({ digest: sealed({ ...what, country: 'DE' }).digest }, 'other details than the entry was promised'),
    bad({ entry: uuid(3) }, 'the details of another entry'),
    bad({ key: hex(run(32, 0x60)) }, 'the key of another person or month'),
    bad(
      { sealed: `${kept.sealed.slice(0, -2)}${kept.sealed.endsWith('00') ? '01' : '00'}` },
      'a byte changed',
    ),
  ];
}

/** A sealed value of docs/ENVELOPE.md, with a nonce that is known. */
function seal(secret: Uint8Array, place: Uint8Array, plain: Uint8Array): Uint8Array {
  const nonce = run(12, 0xc0);
  const box = new Uint8Array(
    hkdfSync('sha256', secret, new Uint8Array(), bind('sotto/data-key/1', ['box']), 32),
  );
  const cipher = createCipheriv('aes-256-gcm', box, nonce).setAAD(new Uint8Array([0x11, ...place]));
  return new Uint8Array([0x11, ...nonce, ...cipher.update(plain), ...cipher.final(), ...cipher.getAuthTag()]);
}

export function conversationVectors(): Corpus['conversation'] {
  const message = (seq: number, n: number, kind: 0 | 1): Message => ({
    position: seq * 2 ** 16 + n,
    id: uuid(seq * 10 + n),
    kind,
    author: kind === 0 ? 'vis_c' : 'per_a',
    at: 1_795_348_800_000 + seq * 1_000 + n,
    sealed: hex(run(29 + seq, seq * 16 + n)),
  });
  const messages = [message(1, 0, 0), message(2, 0, 1), message(2, 1, 1), message(3, 0, 0)];
  const [first, second, note, last] = messages as [Message, Message, Message, Message];
  const good = { messages, digest: digestOf(messages) };
  const bad = (bent: Message[], why: string) =>
    spoiled({ messages: bent, digest: good.digest }, 'digest_differs', why);
  return [
    { messages: [], digest: digestOf([]) },
    { messages: [first], digest: digestOf([first]) },
    good,
    bad([first, second, note], 'the last message left out'),
    bad([second, note, last], 'the first message left out'),
    bad([first, second, last], 'a note left out'),
    bad([first, note, second, last], 'in another order'),
    bad([...messages, last], 'a message twice'),
    bad([first, second, { ...note, position: 3 * 2 ** 16 }, last], 'a note as a message'),
    bad([first, { ...second, kind: 0 }, note, last], 'put into the mouth of a visitor'),
    bad([first, { ...second, author: 'per_b' }, note, last], 'put into another mouth'),
    bad([{ ...first, at: first.at + 1 }, second, note, last], 'at another time'),
    bad([{ ...first, id: uuid(11) }, second, note, last], 'under another id'),
    bad([{ ...first, sealed: `${first.sealed}00` }, second, note, last], 'a byte more'),
  ];
}

function digestOf(messages: readonly Message[]): string {
  const whole = createHash('sha256');
  for (const { position, id, kind, author, at, sealed } of messages) {
    const fields = [position, id, kind, author, at, unhex(sealed)];
    whole.update(createHash('sha256').update(bind('sotto/message-digest/1', fields)).digest());
  }
  return toBase64url(whole.digest());
}
