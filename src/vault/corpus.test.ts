import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import published from '../../docs/vectors/envelope.json' with { type: 'json' };
import { bind } from './binding.ts';
import { importBoxKey } from './box.ts';
import { drain, partsOf } from './cast.ts';
import { makeCorpus } from './corpus.ts';
import { hex, placeOf, unhex, type Corpus, type Named } from './corpus/format.ts';
import { DataKey } from './envelope.ts';
import { VaultError } from './error.ts';
import { FileKey } from './file-key.ts';
import { Keyring } from './keyring.ts';
import { hashForLookup, importLookupKey } from './lookup.ts';
import { openPeppered, readPepperId } from './pepper.ts';
import { openRecord, readRecord, type ServiceKey } from './record.ts';
import { unwrapServiceKey } from './service-key.ts';
import { importSigningKey } from './signing-key.ts';

const corpus = published as Corpus;

/** How each kind of vector is run: what comes out is compared with what the vector says, or the refusal with its. */
const runs: { [Kind in Exclude<keyof Corpus, 'about'>]: (vector: Corpus[Kind][number]) => Promise<object> } =
  {
    bind: (vector) => Promise.try(() => ({ bytes: hex(placeOf(vector)) })),
    async keyring({ secret }) {
      const { active, numbers } = await Keyring.parse(secret);
      return { active, numbers };
    },
    async serviceKey({ keyring, wrapped, ...named }) {
      const row = { ...named, wrapped: unhex(wrapped), state: 'active', createdAt: 0 } as const;
      return { secret: hex(await unwrapServiceKey(await Keyring.parse(keyring), row)) };
    },
    async record(vector) {
      const record = unhex(vector.record);
      const key = await openRecord(
        await named(vector.keys, readRecord(record).kek),
        placeOf(vector.place),
        record,
        (secret) => DataKey.from(secret),
      );
      return { commitment: hex(key.commitment) };
    },
    async value({ secret, place, sealed, as }) {
      const key = await DataKey.from(unhex(secret));
      if (as === 'text') return { text: await key.openText(placeOf(place), unhex(sealed)) };
      return { plaintext: hex(await key.open(placeOf(place), unhex(sealed))) };
    },
    async peppered({ keys, place, sealed }) {
      const pepper = await named(keys, readPepperId(unhex(sealed)));
      return { plaintext: hex(await openPeppered(pepper, placeOf(place), unhex(sealed))) };
    },
    async file({ secret, file, manifest, parts, from, to }) {
      const key = await FileKey.of(unhex(secret), file);
      const objects = Object.entries(parts).map(([name, object]) => [name, unhex(object)] as const);
      const opened = await key.openManifest(unhex(manifest));
      const bytes = await key.openBytes(opened, { from, to }, partsOf(new Map(objects)));
      return { plaintext: hex(await drain(bytes)) };
    },
    async lookup({ key, label, value }) {
      return { hash: hex(await hashForLookup(await importLookupKey(unhex(key)), label, value)) };
    },
    async token({ seed }) {
      const { x, kid } = (await importSigningKey(unhex(seed))).jwk;
      return { x, kid };
    },
  };

async function named(keys: readonly Named[], id: number): Promise<ServiceKey> {
  const found = keys.find((key) => key.id === id);
  if (!found) throw new VaultError('key_unknown', `key ${id} is not there`);
  return { id, key: await importBoxKey(unhex(found.key)) };
}

for (const kind of Object.keys(runs) as (keyof typeof runs)[])
  test(`K7 every ${kind} vector, good or bad, gives what it says`, async () => {
    expect(corpus[kind].length).toBeGreaterThan(0);
    for (const vector of corpus[kind]) {
      const running = (runs[kind] as (vector: object) => Promise<object>)(vector);
      if (!('refused' in vector)) expect(vector).toMatchObject(await running);
      else
        await expect(running, vector.why).rejects.toMatchObject({ name: 'VaultError', code: vector.refused });
    }
  });

test('K7 the published vectors are the ones that this code makes', async () => {
  const made = JSON.stringify(await makeCorpus(), null, 2);
  const style = await resolveConfig('docs/vectors/envelope.json');
  const file = '../../docs/vectors/envelope.json';
  await expect(await format(made, { ...style, parser: 'json' })).toMatchFileSnapshot(file);
});

test('every binding in the corpus differs from every other', () => {
  const places = corpus.bind.flatMap((vector) => ('bytes' in vector ? [vector.bytes] : []));
  expect(new Set([...places, hex(bind('b', []))]).size).toBe(places.length + 1);
});
