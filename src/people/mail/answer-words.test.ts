import { expect, test } from 'vitest';
import { answerWords } from './answer-words.ts';

const facts = { site: 'MARK-SITE', asked: 'MARK-ASKED', due: 'MARK-DUE', receipt: 'MARK-RECEIPT' };

test.each(Object.entries(answerWords))('D51 in %s it is said what became of a request', (_, words) => {
  expect(words.subject('MARK-SITE')).toContain('MARK-SITE');
  expect(words.where('MARK-SITE')).toContain('MARK-SITE');
  expect(words.begins(facts)).toMatch(/MARK-ASKED.*MARK-SITE/);
  expect(words.news.extended(facts)).toContain('MARK-DUE');
  expect(words.news.erasing(facts)).toContain('MARK-RECEIPT');
  expect(new Set(Object.values(words.news).map((say) => say(facts))).size).toBe(4);
  expect(new Intl.DateTimeFormat(words.date, { dateStyle: 'long' }).format(0)).not.toBe('');
});
