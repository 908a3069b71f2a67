/** What Miniflare has to be told so that it runs a Worker as its configuration says. */
import { dirname, join } from 'node:path';
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler';
import { textsBeside } from '../bundle.ts';
import { ROOT } from '../project.ts';

export interface Wish {
  /** The bundled code, and the configuration that it was bundled with. */
  readonly code: string;
  readonly config?: string;
  /** Variables and secrets, over those of the configuration. */
  readonly bindings?: Readonly<Record<string, string>>;
  /** How often the rate limits at the door let one key pass in their period, over the configuration's. */
  readonly doorLimit?: number;
  /** Where it answers; else wherever there is room. */
  readonly port?: number;
  /** Whether what is in its memory can be looked at. */
  readonly inspected?: boolean;
  /** Where its storage lies; else in a folder that goes with it. */
  readonly state?: string;
}

/** Plain data, which a process can hand to another. */
export type Options = ReturnType<typeof optionsFor>;

export function optionsFor(wish: Wish) {
  // Wrangler names a type here that its package does not bring along.
  const config = unstable_readConfig({
    config: wish.config ?? join(ROOT, 'wrangler.toml'),
  }) as unknown as object;
  // Secrets are given below; they are not to be looked for in this folder's environment.
  const { workerOptions } = unstable_getMiniflareWorkerOptions({ ...config, secrets: undefined } as never);
  const { compatibilityDate, compatibilityFlags, d1Databases, r2Buckets, durableObjects, email, workflows } =
    workerOptions;
  const { bindings, ratelimits } = workerOptions as {
    bindings?: Record<string, unknown>;
    ratelimits?: Limits;
  };
  const folder = dirname(wish.code);
  const texts = textsBeside(folder).map((path) => ({ type: 'Text', path }) as const);
  return {
    cf: false,
    ...(wish.inspected === true && { inspectorPort: 0 }),
    ...(wish.state === undefined
      ? {}
      : { resourcePersistencePath: wish.state, isolatedResourcePersistencePath: wish.state }),
    workers: [
      {
        name: 'sotto',
        ...{
          compatibilityDate,
          compatibilityFlags,
          d1Databases,
          r2Buckets,
          durableObjects,
          email,
          workflows,
        },
        ratelimits: widened(ratelimits, wish.doorLimit),
        bindings: { ...bindings, ...wish.bindings },
        modulesRoot: folder,
        modules: [{ type: 'ESModule', path: wish.code } as const, ...texts],
        unsafeDirectSockets: [{ host: '127.0.0.1', port: wish.port ?? 0 }],
      },
    ],
  };
}

type Limits = Record<string, { simple: { limit: number } }>;

function widened(limits: Limits | undefined, limit: number | undefined): Limits | undefined {
  if (limits === undefined || limit === undefined) return limits;
  const wide = Object.entries(limits).map(
    ([name, each]) => [name, { ...each, simple: { ...each.simple, limit } }] as const,
  );
  return Object.fromEntries(wide);
}
