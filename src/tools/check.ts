/**
 * The check, in order, and two steps at a time where neither changes what the other uses. `npm test` runs what is done
 * within ten minutes on two cores, `npm run check` everything, `npm test -- unit workers` the steps named, with their
 * output as it comes. Each line is also a command that can be typed by hand, with `npx` before it.
 */
import { parseArgs } from 'node:util';
import { runSteps, type Step } from './check/run.ts';
import { orHalt } from './halt.ts';
import { auditVerdict } from './check/audit.ts';
import { clamavVerdict } from './check/clamav.ts';

const STEPS: readonly Step[] = [
  // Types too, of every file as the tsconfig.json nearest to it says.
  { name: 'lint', command: 'oxlint', goesBeside: true },
  { name: 'format', command: 'prettier --check .', goesBeside: true },
  { name: 'arrows', command: 'depcruise src worker-tests', goesBeside: true },
  // What browsers share with the Worker has to do without what only the Worker has.
  { name: 'types', command: 'tsc -p src/browser', goesBeside: true },
  // What is shipped of others', and whether it may be (docs/LICENCES.md).
  { name: 'licences', command: 'node src/tools/sbom.ts --check', goesBeside: true },
  { name: 'secrets', command: 'node src/tools/secrets.ts', goesBeside: true },
  { name: 'build', command: 'npm run build' },
  { name: 'sizes', command: 'node src/tools/sizes.ts' },
  // Each of these two waits for processes of its own for half of its time.
  { name: 'unit', command: 'vitest run --project unit', goesBeside: true },
  { name: 'direct', command: 'vitest run --project direct', goesBeside: true },
  { name: 'workers', command: 'vitest run --project workers' },
  // Where clamd is not installed, nothing is proved and nothing is wrong.
  { name: 'clamav', command: 'vitest run --project clamav', verdict: clamavVerdict },
  { name: 'start', command: 'vitest run --project start', isLong: true },
  { name: 'chaos', command: 'node src/tools/chaos.ts --seed 1 --kills 4 --drops 20 --messages 1500' },
  { name: 'chromium', command: 'node src/tools/chromium.ts', isLong: true },
  { name: 'browser', command: 'vitest run --project browser', isLong: true },
  {
    name: 'audit',
    command: 'npm audit --omit=dev --audit-level=high --json --fetch-retries=0 --fetch-timeout=20000',
    // Only what the registry says is a failure: a newcomer without internet has done nothing wrong.
    verdict: auditVerdict,
  },
];

await orHalt(() => {
  const { values, positionals } = parseArgs({
    options: { all: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  return runSteps(STEPS, { names: positionals, all: values.all });
});
