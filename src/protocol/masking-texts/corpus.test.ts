import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type MaskedKind, maskedKinds } from '../marks.ts';
import { findSensitive } from '../masking.ts';
import { sensitive } from './corpus.ts';
import { everyday, lookalikes } from './everyday.ts';

type Count = { there: number; found: number; wrong: string[]; missed: string[] };

/** Of every case: what is covered by a find of its own kind, and what is found besides. */
function counted(): Record<MaskedKind, Count> {
  const none = (): Count => ({ there: 0, found: 0, wrong: [], missed: [] });
  const counts = { card: none(), iban: none(), nationalId: none(), secret: none() };
  const all = [...sensitive, ...[...everyday, ...lookalikes].map((text) => ({ text, sensitive: [] }))];
  for (const { text, sensitive } of all) {
    const spans = new Set(findSensitive(text, maskedKinds));
    for (const { kind, from, to } of sensitive) {
      const hit = [...spans].find((span) => span.kind === kind && span.from <= from && span.to >= to);
      counts[kind].there++;
      if (hit === undefined) counts[kind].missed.push(text);
      else counts[kind].found++;
      if (hit !== undefined) spans.delete(hit);
    }
    for (const { kind } of spans) counts[kind as MaskedKind].wrong.push(text);
  }
  return counts;
}

const counts = counted();
const share = (part: number, of: number) => (of === 0 ? 1 : part / of);

describe('D8 what is found in the corpus', () => {
  it.each(maskedKinds)('D8 %s: nearly all of it, and nothing else', (kind) => {
    const { there, found, wrong, missed } = counts[kind];
    expect(share(found, there), missed.join('\n')).toBeGreaterThanOrEqual(0.98);
    expect(wrong).toEqual([]);
  });

  it('D8 it has more than 400 cases and 200 everyday messages, each once', () => {
    const texts = [...sensitive.map(({ text }) => text), ...everyday, ...lookalikes];
    expect(new Set(texts).size).toBe(texts.length);
    expect(sensitive.length).toBeGreaterThanOrEqual(400);
    expect(everyday.length).toBeGreaterThanOrEqual(200);
  });

  it('D8 the figures in docs/PRIVACY.md are these', () => {
    const rows = maskedKinds.map((kind) => {
      const { there, found, wrong } = counts[kind];
      const recall = share(found, there).toFixed(3);
      const precision = share(found, found + wrong.length).toFixed(3);
      return `| ${kind} | ${there} | ${recall} | ${precision} |`;
    });
    const docs = readFileSync('docs/PRIVACY.md', 'utf8');
    for (const row of rows) expect(docs).toContain(row);
    expect(docs).toContain(`looks through ${sensitive.length} messages`);
    expect(docs).toContain(`${everyday.length} everyday messages and ${lookalikes.length} lookalikes`);
  });
});
