/**
 * Builds the dashboard and the widget into dist/browser, each by itself, so that neither carries what only the other
 * needs. The loader has a build of its own, as one plain script.
 */
import { minify } from 'terser';
import { defineConfig, type Plugin } from 'vite';

const page = (name: string, emptyOutDir: boolean) => ({
  consumer: 'client' as const,
  build: {
    emptyOutDir,
    rolldownOptions: {
      input: { [name]: `src/browser/${name}.html` },
      // What a page needs at once is one file, which compresses best and takes one round trip; what several of the
      // widget's later parts share is another one.
      output: {
        codeSplitting: {
          groups: [
            { name, tags: ['$initial' as const], priority: 2 },
            {
              name: 'shared',
              minShareCount: 2,
              priority: 1,
              // Not what the questions before a chat do without.
              test: /widget.later.(?!acts|transcript|proving)|ui.problem|hooks/,
            },
          ],
        },
      },
    },
  },
});

export default defineConfig({
  root: 'src/browser',
  // Preact's own function in place of the JSX runtime's, which would come on top of it.
  oxc: {
    jsx: { runtime: 'classic', pragma: 'createElement', pragmaFrag: 'Fragment' },
    jsxInject: "import { createElement, Fragment } from 'preact';",
  },
  plugins: [withoutPreloading(), compressed()],
  builder: {
    async buildApp(builder) {
      const { client, widget } = builder.environments;
      // The first empties the folder, the second adds to it.
      for (const environment of [client, widget])
        if (environment !== undefined) await builder.build(environment);
    },
  },
  environments: { client: page('dashboard', true), widget: page('widget', false) },
  build: {
    outDir: '../../dist/browser',
    target: ['chrome123', 'firefox125', 'safari17.5'],
    // Nothing inline: the pages' Content-Security-Policy allows scripts, styles and images from files only.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: {
      treeshake: {
        // It only makes a schema's part; without its schemas the widget needs no validator.
        manualPureFunctions: ['idSchema'],
        // Naming a part of the connection at its door does not need that part to be there from the start.
        moduleSideEffects: [
          { test: /src.browser.connection/, sideEffects: false },
          { test: /./, sideEffects: true },
        ],
      },
    },
  },
});

/** With all styles in the page's own sheet and no preloading, what Vite puts around each import() does nothing. */
function withoutPreloading(): Plugin {
  return {
    name: 'without-preloading',
    enforce: 'pre',
    load(id) {
      return id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : undefined;
    },
    renderChunk(source) {
      return { code: source.replaceAll(/__vitePreload\((.*?), __VITE_PRELOAD__\)/gs, '($1)()'), map: null };
    },
  };
}

/** Vite's own minifier shortens names best; what can be said in less altogether, another one finds before it. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    applyToEnvironment: ({ name }) => name === 'widget',
    async renderChunk(source) {
      const { code } = await minify(source, {
        module: true,
        ecma: 2020,
        compress: { passes: 3, inline: false },
        mangle: false,
      });
      return { code: code ?? source, map: null };
    },
  };
}
