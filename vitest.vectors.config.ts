import { env } from 'node:process';
import { defineConfig } from 'vitest/config';

// Public test vectors that are not kept here: SOTTO_VECTORS names the folder with Wycheproof's JSON files.
const vectors = env['SOTTO_VECTORS'];
if (!vectors) throw new Error('SOTTO_VECTORS must name the folder that holds the Wycheproof files');

export default defineConfig({
  test: { include: ['src/**/*.vectors.ts'], provide: { vectors }, reporters: ['verbose'] },
});
