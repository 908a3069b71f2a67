/**
 * `npm run chaos:browser -- --seed 7 --turns 60`: a storm over real pages (see storm.ts), for as many faults as asked
 * for. It ends with an error if anything was lost, doubled, disordered, or said wrongly to a person.
 */
import { parseArgs } from 'node:util';
import { Random } from '../../src/tools/chaos/random.ts';
import { Scene } from './scene.ts';
import { Storm } from './storm.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, turns: { type: 'string', default: '60' } },
});
const scene = await Scene.open('allowed');
try {
  const storm = await Storm.over(scene, new Random(values.seed), await scene.staff('Anna'));
  await storm.rage(Number(values.turns));
  const findings = [...storm.findings, ...scene.complaints];
  console.log(`${storm.summary}, ${findings.length} findings with --seed ${values.seed}`);
  for (const finding of findings) console.error(finding);
  process.exitCode = findings.length > 0 ? 1 : 0;
} finally {
  await scene.close();
}
