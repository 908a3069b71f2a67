/** Tests see the bindings that the Worker sees. */
declare namespace Cloudflare {
  interface Env extends Readonly<import('../src/config.ts').Env> {}
  interface GlobalProps {
    mainModule: typeof import('../src/worker.ts');
  }
}

/** A file as text. */
declare module '*?raw' {
  const text: string;
  export default text;
}
