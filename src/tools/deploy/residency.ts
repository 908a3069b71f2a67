import { jurisdictionNames, jurisdictions, outsideJurisdiction } from '../../protocol/residency.ts';

/** The parts of wrangler.toml that lie in a jurisdiction of their own; objects are told theirs by the Worker. */
type Parts = {
  readonly vars: Readonly<Record<string, string>>;
  readonly d1_databases: readonly {
    readonly database_name: string;
    readonly jurisdiction?: string | undefined;
  }[];
  readonly r2_buckets: readonly {
    readonly bucket_name: string;
    readonly jurisdiction?: string | undefined;
  }[];
  readonly workflows: readonly { readonly name: string; readonly jurisdiction?: string | undefined }[];
};

const chosen = ({ vars }: Parts) => vars['JURISDICTION'] ?? '';

/** What would tear apart where everything lies, in one sentence. */
export function residencyObstacle(config: Parts): string | undefined {
  const jurisdiction = chosen(config);
  if (jurisdiction !== '' && !jurisdictions.some((each) => each === jurisdiction))
    return `JURISDICTION in wrangler.toml is ${jurisdiction}: Cloudflare has ${jurisdictions.join(', ')} for all parts of Sotto alike; empty means none.`;
  const parts = [
    ...config.d1_databases.map((part) => [`the database ${part.database_name}`, part.jurisdiction] as const),
    ...config.r2_buckets.map((part) => [`the bucket ${part.bucket_name}`, part.jurisdiction] as const),
    ...config.workflows.map((part) => [`the workflow ${part.name}`, part.jurisdiction] as const),
  ];
  const others = parts.filter(([, own = '']) => own !== jurisdiction).map(([name]) => name);
  if (others.length === 0) return undefined;
  const line = jurisdiction === '' ? 'take jurisdiction out' : `write jurisdiction = "${jurisdiction}"`;
  return `JURISDICTION in wrangler.toml is ${jurisdiction || 'empty'}, and not all parts agree: ${line} at ${others.join(', ')}.`;
}

/** Where everything lies, how the parts are made there, and what no jurisdiction holds. */
export function whereItLies(config: Parts): string[] {
  const jurisdiction = jurisdictions.find((each) => each === chosen(config));
  const option = jurisdiction === undefined ? '' : ` --jurisdiction ${jurisdiction}`;
  const commands = [
    ...config.d1_databases.map(({ database_name }) => `npx wrangler d1 create ${database_name}${option}`),
    ...config.r2_buckets.map(({ bucket_name }) => `npx wrangler r2 bucket create ${bucket_name}${option}`),
  ].map((command) => `Made once by: ${command}`);
  if (jurisdiction === undefined) return ['Wherever Cloudflare puts it: JURISDICTION is empty', ...commands];
  return [
    `In ${jurisdictionNames[jurisdiction]}, and it cannot be changed after the first deployment`,
    ...commands,
    ...outsideJurisdiction.map((part) => `Not held there: ${part}`),
  ];
}

/** A database stays where it was made. @param info what `wrangler d1 info --json` says */
export function databaseElsewhere(config: Parts, info: string): string | undefined {
  const jurisdiction = chosen(config);
  const { jurisdiction: database } = JSON.parse(info) as { jurisdiction?: string | null };
  if ((database ?? '') === jurisdiction) return undefined;
  return `The database lies in ${database || 'no jurisdiction'}, and JURISDICTION in wrangler.toml is ${jurisdiction || 'empty'}: a database stays where it was made.`;
}

/** @param answer what `wrangler d1 execute --json` says to `whereItWasSetUp` */
export function setUpElsewhere(config: Parts, answer: string): string | undefined {
  const [
    {
      results: [kept],
    },
  ] = JSON.parse(answer) as [{ results: { jurisdiction: string }[] }];
  const jurisdiction = chosen(config);
  if (kept === undefined || kept.jurisdiction === jurisdiction) return undefined;
  return `Sotto was set up with JURISDICTION = "${kept.jurisdiction}", and wrangler.toml has "${jurisdiction}": elsewhere all objects are others, and empty.`;
}

export const whereItWasSetUp = 'SELECT jurisdiction FROM residency';
