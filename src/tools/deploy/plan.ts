import { join } from 'node:path';
import * as v from 'valibot';
import { unstable_readConfig } from 'wrangler';
import { bundleWorker, type Bundle } from '../bundle.ts';
import { migrations } from '../migrations.ts';
import { ROOT } from '../project.ts';
import { whereItLies } from './residency.ts';

const jurisdiction = v.optional(v.string());

/** What wrangler reads in wrangler.toml, as far as a plan tells of it. Its own type of this is not published. */
const configSchema = v.object({
  vars: v.record(v.string(), v.string()),
  exports: v.record(v.string(), v.unknown()),
  d1_databases: v.array(v.object({ binding: v.string(), database_name: v.string(), jurisdiction })),
  r2_buckets: v.array(v.object({ binding: v.string(), bucket_name: v.string(), jurisdiction })),
  ratelimits: v.array(
    v.object({ name: v.string(), simple: v.object({ limit: v.number(), period: v.number() }) }),
  ),
  send_email: v.array(v.object({ name: v.string() })),
  workflows: v.array(v.object({ binding: v.string(), name: v.string(), jurisdiction })),
  triggers: v.object({ crons: v.array(v.string()) }),
  assets: v.object({ binding: v.string(), directory: v.string() }),
  secrets: v.object({ required: v.array(v.string()) }),
});

/** Everything that a deployment would put on Cloudflare. */
export interface Plan {
  readonly bundle: Bundle;
  readonly objects: readonly string[];
  readonly bindings: readonly string[];
  readonly residency: readonly string[];
  readonly migrations: readonly string[];
  readonly secrets: readonly string[];
}

export type Config = v.InferOutput<typeof configSchema>;

export function readConfig(): Config {
  return v.parse(configSchema, unstable_readConfig({ config: join(ROOT, 'wrangler.toml') }));
}

export async function planDeployment(config: Config): Promise<Plan> {
  return {
    bundle: await bundleWorker(),
    objects: Object.keys(config.exports),
    bindings: [
      ...config.d1_databases.map(({ binding, database_name }) => `${binding}: D1 database ${database_name}`),
      ...config.r2_buckets.map(({ binding, bucket_name }) => `${binding}: R2 bucket ${bucket_name}`),
      ...config.ratelimits.map(
        ({ name, simple }) => `${name}: rate limit, ${simple.limit} in ${simple.period} s`,
      ),
      ...config.send_email.map(({ name }) => `${name}: outgoing mail`),
      ...config.workflows.map(({ binding, name }) => `${binding}: workflow ${name}`),
      ...config.triggers.crons.map((cron) => `Timed duties at ${cron}`),
      `${config.assets.binding}: files of ${config.assets.directory}`,
      ...Object.entries(config.vars).map(([name, value]) => `${name} = ${value}`),
    ],
    residency: whereItLies(config),
    migrations: migrations(),
    secrets: config.secrets.required,
  };
}

/** What would make a deployment pointless, in one sentence. */
export function obstacle(origin = ''): string | undefined {
  const url = URL.parse(origin);
  if (url?.protocol === 'https:' && url.origin === origin) return undefined;
  return `ORIGIN in wrangler.toml is ${origin}: set it to the https address under which people will reach Sotto, such as https://chat.example.com.`;
}

export function planInWords(plan: Plan): string {
  const { bytes, gzipBytes } = plan.bundle;
  return [
    `The Worker: ${kilobytes(bytes)}, ${kilobytes(gzipBytes)} compressed`,
    ...section('Durable Objects', plan.objects),
    ...section('Bindings', plan.bindings),
    ...section('Where everything that is kept lies', plan.residency),
    ...section('Migrations, in order, those that were not applied before', plan.migrations),
    ...section('Secrets that must be set (npx wrangler secret put NAME)', plan.secrets),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KB`;
}
