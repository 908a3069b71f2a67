/** The list of what is shipped as the Worker imports it. */
import type { Shipped } from './shipped.ts';

/** `src/protocol/components.ts`, as Prettier would have it. */
export function moduleOf({ components }: Shipped): string {
  const rows = components.map(({ about: { name, version }, licence, places }) => {
    return `  ['${name}', '${version}', '${licence}', '${places.join(' ')}'],`;
  });
  return `/** What of others' is shipped, and under which licence: written by \`npm run sbom\`, held against package-lock.json by a test. */

/** Name, version, SPDX licence, and whether the Worker or browsers get it. */
export type Component = readonly [name: string, version: string, licence: string, places: string];

export const components: readonly Component[] = [
${rows.join('\n')}
];
`;
}
