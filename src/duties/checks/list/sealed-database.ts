import { type Check, counted, failed, notRun, passed } from '../check.ts';
import { Facts } from '../facts.ts';
import { whyReadable } from '../readable.ts';

const ofEachColumn = 20;

export const sealedDatabase: Check = {
  id: 'sealed-database',
  group: 'data',
  title: 'What the database holds of people is sealed',
  measures: `Up to ${ofEachColumn} values of each column that holds names, addresses, credentials, reasons or keys, picked by chance: whether each is an envelope, and nothing in it can be read.`,
  why: 'Whoever has a copy of the database should have nothing by it.',
  answers: {
    asvs: ['11.3.2', '11.3.3', '14.2.4'],
    csf: ['PR.DS-01'],
    gdpr: ['Art. 32(1)(a)', 'Art. 34(3)(a)'],
    hipaa: ['164.312(a)(2)(iv)'],
    cis: ['3.11'],
  },
  fix: {
    how: 'Something writes past the vault. Treat it as a leak: find what wrote it, and write it anew.',
    place: null,
  },
  async run({ env }) {
    const samples = await new Facts(env.DB).samples(ofEachColumn);
    if (samples.length === 0) return notRun('The database holds nothing yet that would be sealed.');
    const clear = samples.filter(
      ({ first, bytes }) => bytes[0] !== first || whyReadable(bytes) !== undefined,
    );
    const columns = [...new Set(samples.map(({ where }) => where))];
    const found = {
      values: samples.length,
      columns: columns.length,
      clear: [...new Set(clear.map(({ where }) => where))],
    };
    return clear.length === 0
      ? passed(
          `${counted(samples.length, 'value')} of ${counted(columns.length, 'column')}, all sealed.`,
          found,
        )
      : failed(`${counted(clear.length, 'value')} not sealed: ${found.clear.join(', ')}.`, found);
  },
};
