import { env } from 'node:process';
import { defineConfig } from 'vitest/config';

// Public test vectors that are not kept here. SOTTO_VECTORS names a folder with Wycheproof's JSON files below
// `wycheproof`, the big list of naughty strings as `blns.json`, and scripts that want to run as `xss_payloads.json`.
const vectors = env['SOTTO_VECTORS'];
if (!vectors) throw new Error('SOTTO_VECTORS must name the folder that holds the vectors');

export default defineConfig({
  test: {
    include: ['src/**/*.vectors.ts', 'worker-tests/browser/*.vectors.ts'],
    provide: { vectors },
    reporters: ['verbose'],
    env: { SOTTO_END_WITH_PARENT: '1' },
    testTimeout: 600_000,
    hookTimeout: 300_000,
    // As in the browser's own tests: a look that would give up after a second proves nothing.
    expect: { poll: { timeout: 30_000 } },
    fileParallelism: false,
  },
});
