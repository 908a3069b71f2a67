import * as v from 'valibot';
import { components } from '../../../protocol/components.ts';
import { type Check, counted, failed, named, notRun, passed } from '../check.ts';

const collection = 'https://api.osv.dev/v1/querybatch';
/** For each question in its order, the ids of what is known; a page that follows says that there is at least one. */
const answerSchema = v.object({
  results: v.array(v.object({ vulns: v.optional(v.array(v.object({ id: v.string() })), []) })),
});

export const dependencies: Check = {
  id: 'dependencies',
  group: 'outside',
  title: 'No part of Sotto has a known hole',
  measures:
    'Each library in what was built, by its name and version, against the known holes that OSV collects (osv.dev). What is under which licence is held when it is built.',
  why: 'Most of what runs was written by others.',
  answers: {
    asvs: ['15.1.1', '15.1.2', '15.2.1'],
    csf: ['ID.RA-01', 'GV.SC-07', 'PR.PS-02'],
    gdpr: ['Art. 32(1)(d)'],
    hipaa: ['164.308(a)(1)(ii)(A)'],
    cis: ['16.4', '16.5', '7.1'],
  },
  fix: { how: 'Bring the library up to date, and deploy.', place: null },
  async run({ outside }) {
    const queries = components.map(([name, version]) => ({ package: { ecosystem: 'npm', name }, version }));
    const response = await outside(collection, { method: 'POST', body: JSON.stringify({ queries }) });
    const { results } = v.parse(answerSchema, await response.json());
    if (results.length !== queries.length) return notRun('OSV did not answer for each library.');
    const holes = components.flatMap(([name, version], n) =>
      (results[n]?.vulns ?? []).map(({ id }) => `${name} ${version}: ${id}`),
    );
    const found = { libraries: components.length, holes: holes.length, which: named(holes) };
    return holes.length === 0
      ? passed(`No known hole in ${counted(components.length, 'library', 'libraries')}.`, found)
      : failed(`${counted(holes.length, 'known hole')} in what was built.`, found);
  },
};
