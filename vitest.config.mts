import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';

// A root of the bytes 0 to 31, so that a swapped or repeated one would show. Neither is a secret of anybody.
const SECRETS = {
  KEYRING: '1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
  SETUP_TOKEN: 'the-setup-token-of-the-tests-and-of-nobody-else',
};
// wrangler.toml requires both, and the plugin asks for them before it looks at the bindings below.
Object.assign(process.env, SECRETS);

export default defineConfig({
  test: {
    projects: [
      {
        // Decisions, formats and tools: plain Node, the quickest there is.
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}'],
          exclude: ['src/tools/start.test.ts'],
          // Loading the same modules anew for each file would take longer than all the tests.
          isolate: false,
          // Whatever else the machine does beside it: how long something takes is judged in benchmarks.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // What needs the Workers runtime: objects, sockets, D1, R2.
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                ...SECRETS,
                ORIGIN: 'https://sotto.test',
                METRICS_TOKEN: 'the-metrics-token-of-the-tests-and-of-nobody-else',
                MIGRATIONS: await readD1Migrations('./migrations'),
              },
            },
          }),
        ],
        test: {
          name: 'workers',
          include: ['worker-tests/**/*.test.ts'],
          exclude: ['worker-tests/browser/**', 'worker-tests/direct/**'],
          setupFiles: ['./worker-tests/setup.ts'],
          // A file costs a fresh runtime, and often waits; three at once are what two cores bear.
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The Worker on workerd itself, for what its proxies would hide: compression, memory, slow readers.
        test: {
          name: 'direct',
          include: ['worker-tests/direct/**/*.test.ts'],
          exclude: ['worker-tests/direct/clamav.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The same with the real ClamAV behind it, which not every machine has.
        test: {
          name: 'clamav',
          include: ['worker-tests/direct/clamav.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // `npm start` as a newcomer meets it: from nothing, killed, started again.
        test: {
          name: 'start',
          env: { SOTTO_END_WITH_PARENT: '1' },
          include: ['src/tools/start.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // Real servers and a real Chromium. Stories mostly wait for each other's people, so two go on at once.
        test: {
          name: 'browser',
          env: { SOTTO_END_WITH_PARENT: '1' },
          include: ['worker-tests/browser/**/*.test.ts'],
          globalSetup: './worker-tests/browser/seed.ts',
          testTimeout: 120_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          // A page may be slow beside another; a look that would give up after a second proves nothing.
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
});
