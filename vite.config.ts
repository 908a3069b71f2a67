/** Builds the dashboard and the widget into dist/browser. The loader has a build of its own, as one plain script. */
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/browser',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/browser',
    emptyOutDir: true,
    target: ['chrome120', 'firefox121', 'safari17.4'],
    // Nothing inline: the pages' Content-Security-Policy allows scripts, styles and images from files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { dashboard: 'src/browser/dashboard.html', widget: 'src/browser/widget.html' },
    },
  },
});
