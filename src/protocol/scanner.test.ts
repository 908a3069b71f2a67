import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { goodUntil, signAnswer, signQuestion, verifyAnswer, verifyQuestion } from './scanner.ts';

const page = readFileSync('docs/SCANNER.md', 'utf8');
const secret = /With the secret `([^`]+)`/.exec(page)?.[1] ?? '';
const [question = '', answer = ''] = [...page.matchAll(/^eyJ.*$/gm)].map(([token]) => token);
const asked = Date.UTC(2026, 10, 28);
const second = 1_000;

describe('F26 a question', () => {
  test('F26 is what the page says, for a minute and as far as clocks may differ', async () => {
    const jti = '6f1c6f0e-6a53-4a1d-9d0c-0b4b6c2f1a77';
    const claims = { jti, bytes: 68, exp: asked / second + 60 };
    expect(await verifyQuestion(secret, question, asked)).toEqual(claims);
    expect(await verifyQuestion(secret, question, asked - 30 * second)).toEqual(claims);
    expect(await verifyQuestion(secret, question, asked - 31 * second)).toBeUndefined();
    expect(await verifyQuestion(secret, question, goodUntil(claims) - second)).toEqual(claims);
    expect(await verifyQuestion(secret, question, goodUntil(claims))).toBeUndefined();
  });

  test('F26 is never the same twice', async () => {
    const one = await signQuestion(secret, 68, asked);
    expect((await signQuestion(secret, 68, asked)).jti).not.toBe(one.jti);
    expect(await verifyQuestion(secret, one.token, asked)).toMatchObject({ jti: one.jti, bytes: 68 });
    expect(await verifyAnswer(secret, one.token)).toBeUndefined();
    expect(await verifyQuestion(`${secret}x`, one.token, asked)).toBeUndefined();
  });
});

describe('F27 an answer', () => {
  test('F27 is what the page says', async () => {
    expect(await verifyAnswer(secret, answer)).toEqual({
      question: '6f1c6f0e-6a53-4a1d-9d0c-0b4b6c2f1a77',
      sha256: 'J1oCG7-2SJ5U1HGJn3250WY_xpXsL-KixFOKq_ZR_Q8',
      ...{ engine: 'ClamAV 1.4.6', signatures: 1_795_771_884 },
      ...{ verdict: 'infected', name: 'Win.Test.EICAR_HDB-1' },
    });
    expect(await verifyQuestion(secret, answer, asked)).toBeUndefined();
  });

  test('F27 is not believed if a letter of it is another', async () => {
    for (let at = 0; at < answer.length; at++) {
      if (answer[at] === '.') continue;
      const other = `${answer.slice(0, at)}${answer[at] === 'A' ? 'B' : 'A'}${answer.slice(at + 1)}`;
      // The last letter has bits that stand for nothing.
      if (at < answer.length - 1) expect(await verifyAnswer(secret, other)).toBeUndefined();
    }
  });

  test('F25 is clean in one way alone', async () => {
    const clean = { question: 'q', sha256: 's', engine: 'e', signatures: null, verdict: 'clean' } as const;
    expect(await verifyAnswer(secret, await signAnswer(secret, clean))).toEqual(clean);
    for (const verdict of ['Clean', 'clean ', '', true, ['clean'], undefined]) {
      const odd = { ...clean, verdict } as unknown as typeof clean;
      expect(await verifyAnswer(secret, await signAnswer(secret, odd))).toBeUndefined();
    }
  });
});
