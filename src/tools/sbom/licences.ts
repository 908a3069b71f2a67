/** Under which licences others' work may be shipped with Sotto, and the page that says under which it is. */
import satisfies from 'spdx-satisfies';
import type { Component, Shipped } from './shipped.ts';

/** They ask for no more than that their notice goes along. */
const allowed = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
];

/** Others that were looked at, each for one package and with why. */
export const accepted: Readonly<Record<string, { licence: string; why: string }>> = {
  openpgp: {
    licence: 'LGPL-3.0',
    why: 'A library that is used as it is published, in a part of the Worker of its own. Whoever changes it owes its source to whom they hand it on; whoever only runs Sotto owes nothing.',
  },
};

/** What is wrong with each that may not be shipped, in a sentence. */
export function refused(components: readonly Component[]): string[] {
  return components.flatMap(({ about: { name, version }, licence }) => {
    if (licence === '') return [`${name} ${version} says nothing of its licence.`];
    return isAllowed(licence) || accepted[name]?.licence === licence
      ? []
      : [`${name} ${version} is under ${licence}, which is not allowed in what is shipped.`];
  });
}

function isAllowed(licence: string): boolean {
  try {
    return satisfies(licence, allowed);
  } catch {
    // No SPDX expression: what it means is for somebody to read.
    return false;
  }
}

/** `docs/LICENCES.md` */
export function licencesPage({ components }: Shipped): string {
  const rows = components.map(
    ({ about: { name, version }, licence, places }) =>
      `| ${name} | ${version} | ${licence} | ${places.join(', ')} |`,
  );
  const exceptions = Object.entries(accepted).map(
    ([name, { licence, why }]) => `- **${name}** (${licence}). ${why}`,
  );
  return [
    '# Licences of what is shipped',
    '',
    'Sotto is under Apache-2.0. With it others’ work is shipped, in the Worker and to browsers: everything below, and nothing else of theirs. `npm run sbom` writes this page, `src/protocol/components.ts` and `dist/sbom.cdx.json` (CycloneDX 1.6) from `package-lock.json`; `npm test` fails where they differ, and where a licence is not one of these:',
    '',
    `${allowed.join(', ')}.`,
    '',
    'Accepted besides:',
    '',
    ...exceptions,
    '',
    '| package | version | licence | in |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
