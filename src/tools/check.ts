/**
 * The check of everything, in order. `npm test` runs it all; `npm test -- unit workers` runs the steps named, with
 * their output as it comes. Each line is also a command that can be typed by hand, with `npx` before it.
 */
import { runSteps, type Step } from './check/run.ts';
import { orHalt } from './halt.ts';
import { auditVerdict } from './check/audit.ts';

const STEPS: readonly Step[] = [
  { name: 'format', command: 'prettier --check .' },
  { name: 'lint', command: 'eslint .' },
  { name: 'arrows', command: 'depcruise src worker-tests' },
  { name: 'types', command: 'tsc -p .' },
  { name: 'types:browser', command: 'tsc -p src/browser' },
  { name: 'types:tools', command: 'tsc -p src/tools' },
  { name: 'types:faulty-worker', command: 'tsc -p src/tools/chaos/worker' },
  { name: 'types:metered-worker', command: 'tsc -p src/tools/bench/metered' },
  { name: 'types:reference', command: 'tsc -p src/tools/bench/reference' },
  { name: 'types:worker-tests', command: 'tsc -p worker-tests' },
  { name: 'types:direct-tests', command: 'tsc -p worker-tests/direct' },
  { name: 'types:browser-tests', command: 'tsc -p worker-tests/browser' },
  { name: 'build', command: 'npm run build' },
  { name: 'sizes', command: 'node src/tools/sizes.ts' },
  { name: 'unit', command: 'vitest run --project unit' },
  { name: 'workers', command: 'vitest run --project workers' },
  { name: 'direct', command: 'vitest run --project direct' },
  { name: 'start', command: 'vitest run --project start' },
  { name: 'chaos', command: 'node src/tools/chaos.ts --seed 1 --kills 4 --drops 20 --messages 1500' },
  { name: 'chromium', command: 'node src/tools/chromium.ts' },
  { name: 'browser', command: 'vitest run --project browser' },
  {
    name: 'audit',
    command: 'npm audit --omit=dev --audit-level=high --json --fetch-retries=0 --fetch-timeout=20000',
    // Only what the registry says is a failure: a newcomer without internet has done nothing wrong.
    verdict: auditVerdict,
  },
];

await orHalt(() => runSteps(STEPS, process.argv.slice(2)));
