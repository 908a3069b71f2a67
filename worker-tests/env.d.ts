/** Tests see the bindings that the Worker sees. */
declare namespace Cloudflare {
  interface Env extends Readonly<import('../src/config.ts').Env> {}
  interface GlobalProps {
    mainModule: typeof import('../src/worker.ts');
  }
}

/** Files as text, by their paths (Vite). */
interface ImportMeta {
  glob<Text>(pattern: string, how: { query: '?raw'; import: 'default'; eager: true }): Record<string, Text>;
}

/** A file as text. */
declare module '*?raw' {
  const text: string;
  export default text;
}
