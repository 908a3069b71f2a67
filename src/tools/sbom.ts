/**
 * `npm run sbom`: writes the list of what is shipped, for auditors (dist/sbom.cdx.json), for people (docs/LICENCES.md) and
 * for the Worker (src/protocol/components.ts). `--built` writes the first alone, as a build does; `--check`
 * writes nothing, and fails where the others differ or a licence is not allowed.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Halt, orHalt } from './halt.ts';
import { ROOT } from './project.ts';
import { bomOf } from './sbom/bom.ts';
import { licencesPage, refused } from './sbom/licences.ts';
import { moduleOf } from './sbom/module.ts';
import { shippedHere } from './sbom/shipped.ts';

await orHalt(async () => {
  const { values } = parseArgs({
    options: { check: { type: 'boolean', default: false }, built: { type: 'boolean', default: false } },
  });
  const shipped = await shippedHere();
  const wrong = refused(shipped.components);
  if (wrong.length > 0) throw new Halt(wrong.join('\n'));
  const kept = { 'docs/LICENCES.md': licencesPage(shipped), 'src/protocol/components.ts': moduleOf(shipped) };
  if (values.check) {
    const old = Object.entries(kept).filter(([path, text]) => textOf(path) !== text);
    if (old.length > 0)
      throw new Halt(`npm run sbom: ${old.map(([path]) => path).join(', ')} no longer says what is shipped.`);
    console.log(`${shipped.components.length} packages are shipped, all under licences that are allowed.`);
    return;
  }
  const written = { 'dist/sbom.cdx.json': bomOf(shipped), ...(values.built ? {} : kept) };
  for (const [path, text] of Object.entries(written)) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    if (textOf(path) !== text) writeFileSync(join(ROOT, path), text);
    console.log(path);
  }
});

function textOf(path: string): string | undefined {
  return existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : undefined;
}
