import { format, resolveConfig } from 'prettier';
import { expect, test, vi } from 'vitest';
import published from '../../docs/vectors/ledger.json' with { type: 'json' };
import {
  hashesOf,
  leafBytes,
  leafHash,
  leafText,
  provesConsistency,
  provesInclusion,
  readCheckpoint,
  readLeaf,
  readLedger,
  readVerifierKey,
  rootOf,
  tilePath,
  tilesIn,
  tilesOf,
  verifierKey,
} from '../protocol/ledger-proof.ts';
import { makeCorpus } from './corpus.ts';
import { type Corpus, hex, unhex } from './corpus/format.ts';

// A tree of 65,537 leaves is made several times over, and the machine may be busy.
vi.setConfig({ testTimeout: 20_000 });

const corpus = published as unknown as Corpus;
/** Those that are run here; the others where their digests are made. */
type Kind = Exclude<keyof Corpus, 'about' | 'details' | 'conversation'>;

/** How each kind of vector is run: what comes out is compared with what the vector says; undefined: it is refused. */
const runs: {
  [Each in Kind]: (vector: Corpus[Each][number]) => object | undefined | Promise<object | undefined>;
} = {
  leaf({ text }) {
    const entry = readLeaf(text);
    if (entry === undefined) return undefined;
    const { details, ...rest } = entry;
    expect(leafText(rest, details)).toBe(text);
    return { entry, hash: hex(leafHash(leafBytes(text))) };
  },
  tree({ size, tiles }) {
    const leaves = Array.from({ length: size }, (_, n) => leafHash(new TextEncoder().encode(`leaf ${n}`)));
    const { edge, tiles: all } = tilesOf(leaves);
    const root = hex(
      rootOf(
        hashesOf((level, index) => all.get(`${level}/${index}`)),
        size,
      ),
    );
    expect(root).toBe(hex(edge.root()));
    const paths = tilesIn(size).map(({ level, index, width }) => tilePath(level, index, width));
    for (const { path } of tiles) expect(paths).toContain(path);
    return { root };
  },
  key({ key }) {
    const read = readVerifierKey(key);
    if (read === undefined) return undefined;
    expect(verifierKey(read)).toBe(key);
    return { name: read.name, publicKey: hex(read.publicKey) };
  },
  async note({ note, keys }) {
    const head = await readCheckpoint(
      note,
      keys.flatMap((key) => readVerifierKey(key) ?? []),
    );
    return head && { ...head, root: hex(head.root) };
  },
  inclusion({ leaf, index, size, root, proof }) {
    return provesInclusion(unhex(leaf), index, size, proof.map(unhex), unhex(root)) ? {} : undefined;
  },
  consistency({ earlier, size, root, proof }) {
    const from = { size: earlier.size, root: unhex(earlier.root) };
    return provesConsistency(from, { size, root: unhex(root) }, proof.map(unhex)) ? {} : undefined;
  },
  async export(vector) {
    const { findings, ...found } = await verified(vector);
    if (!('refused' in vector)) return findings.length === 0 ? found : undefined;
    const { refused: what, seq, until } = vector;
    expect(findings[0], vector.why).toEqual({ what, seq, ...(until !== undefined && { until }) });
    return undefined;
  },
};

async function verified({ lines, kept }: Corpus['export'][number]) {
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
  const pieces = (async function* () {
    yield await Promise.resolve(bytes);
  })();
  const { verification, heads } = await readLedger(pieces, { notes: kept, keys: [] });
  const { entries, proved, findings } = verification.verdict(heads);
  return { entries, proved, findings };
}

for (const kind of Object.keys(runs) as Kind[])
  test(`L17 every ${kind} vector, good or bad, gives what it says`, async () => {
    expect(corpus[kind].length).toBeGreaterThan(0);
    for (const vector of corpus[kind]) {
      const came = await (runs[kind] as (vector: object) => Promise<object | undefined>)(vector);
      if ('refused' in vector) expect(came, vector.why).toBeUndefined();
      else expect(came).toBeDefined();
      if (came !== undefined) expect(vector).toMatchObject(came);
    }
  });

test('L17 the published vectors are the ones that this code makes', async () => {
  const made = JSON.stringify(await makeCorpus(), null, 2);
  const style = await resolveConfig('docs/vectors/ledger.json');
  const file = '../../docs/vectors/ledger.json';
  await expect(await format(made, { ...style, parser: 'json' })).toMatchFileSnapshot(file);
});
