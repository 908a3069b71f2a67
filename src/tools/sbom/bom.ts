/** The list of what is shipped as CycloneDX 1.6, the same bytes for the same package-lock.json wherever it is made. */
import type { Shipped } from './shipped.ts';

export function bomOf({ product, components, imported }: Shipped): string {
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      tools: { components: [{ type: 'application', name: 'npm' }] },
      component: {
        ...{ 'bom-ref': product.ref, type: 'application', name: 'sotto', version: product.version },
        ...{ description: product.description, purl: product.purl },
        licenses: [{ license: { id: product.licence } }],
      },
    },
    components: components.map(({ about, places }) => ({
      ...about,
      scope: 'required',
      properties: places.map((place) => ({ name: 'sotto:shipped', value: place })),
    })),
    dependencies: [
      { ref: product.ref, dependsOn: imported },
      ...components.map(({ about, needs }) => ({ ref: about['bom-ref'], dependsOn: needs })),
    ],
  };
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}
