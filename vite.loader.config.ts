/** Builds what a host page includes: one classic script under a name that never changes. Runs after vite.config.ts. */
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/browser',
  publicDir: false,
  build: {
    outDir: '../../dist/browser',
    emptyOutDir: false,
    target: ['chrome123', 'firefox125', 'safari17.5'],
    lib: { entry: 'loader/loader.ts', formats: ['iife'], name: 'sottoLoader', fileName: () => 'loader.js' },
  },
});
