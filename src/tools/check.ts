/**
 * The check of everything: what only reads goes on two at a time, then the rest in order. `npm test` runs it all;
 * `npm test -- unit workers` runs the steps named, with their output as it comes. Each line is also a command that
 * can be typed by hand, with `npx` before it.
 */
import { runSteps, type Step } from './check/run.ts';
import { orHalt } from './halt.ts';
import { auditVerdict } from './check/audit.ts';
import { clamavVerdict } from './check/clamav.ts';

const STEPS: readonly Step[] = [
  { name: 'lint', command: 'eslint .', reads: true },
  { name: 'format', command: 'prettier --check .', reads: true },
  { name: 'arrows', command: 'depcruise src worker-tests', reads: true },
  { name: 'types', command: 'tsc -p .', reads: true },
  { name: 'types:browser', command: 'tsc -p src/browser', reads: true },
  { name: 'types:tools', command: 'tsc -p src/tools', reads: true },
  { name: 'types:faulty-worker', command: 'tsc -p src/tools/chaos/worker', reads: true },
  { name: 'types:metered-worker', command: 'tsc -p src/tools/bench/metered', reads: true },
  { name: 'types:checks-worker', command: 'tsc -p src/tools/bench/checks', reads: true },
  { name: 'types:files-worker', command: 'tsc -p src/tools/bench/files', reads: true },
  { name: 'types:backups-worker', command: 'tsc -p src/tools/bench/backups', reads: true },
  { name: 'types:reference', command: 'tsc -p src/tools/bench/reference', reads: true },
  { name: 'types:worker-tests', command: 'tsc -p worker-tests', reads: true },
  { name: 'types:direct-tests', command: 'tsc -p worker-tests/direct', reads: true },
  { name: 'types:browser-tests', command: 'tsc -p worker-tests/browser', reads: true },
  { name: 'build', command: 'npm run build' },
  { name: 'sizes', command: 'node src/tools/sizes.ts' },
  { name: 'unit', command: 'vitest run --project unit' },
  { name: 'workers', command: 'vitest run --project workers' },
  { name: 'direct', command: 'vitest run --project direct' },
  // Where clamd is not installed, nothing is proved and nothing is wrong.
  { name: 'clamav', command: 'vitest run --project clamav', verdict: clamavVerdict },
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
