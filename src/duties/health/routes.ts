/** For whoever looks from outside: whether Sotto runs, whether all that it stands on answers, and whom to tell of holes. */
import { Hono } from 'hono';
import { configOf, type Env, vaultOf } from '../../config.ts';
import { dataHeaders, openHeaders } from '../../headers.ts';
import type { Http } from '../../http.ts';
import { ledgerOf } from '../../ledger.ts';
import { logFault } from '../../log.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { requireResidency } from '../../residency.ts';
import { Lately } from '../lately.ts';

/** Each part by what it takes to know that it answers. */
const parts: Record<string, (env: Env) => Promise<unknown>> = {
  database: (env) => env.DB.prepare('SELECT 1').first(),
  keys: async (env) => (await vaultOf(env)).refresh(Date.now()),
  keyStore: (env) => env.KEYS.head('nothing'),
  archive: (env) => env.LEDGER.head('nothing'),
  files: (env) => env.FILES.head('nothing'),
  copies: (env) => env.COPIES.head('nothing'),
  backups: (env) => env.BACKUPS.head('nothing'),
  residency: requireResidency,
  ledger: (env) => ledgerOf(env).isThere(),
};
const patience = 5_000;
const failing = new Lately<string[]>();
/** For how long what is said of whom to tell may be believed: less than a year, as RFC 9116 has it. */
const contactHolds = 180 * 86_400_000;

export const healthRoutes = new Hono<Http>()
  .get('/healthz', (c) => c.json({ running: true }, 200, dataHeaders))

  .get('/readyz', async (c) => {
    // Strangers may ask as often as they like: the parts are asked once a second.
    const names = await failing.get(() => failingParts(c.env));
    const ready = names.length === 0;
    return c.json({ ready, failing: names }, ready ? 200 : 503, dataHeaders);
  })

  .get('/.well-known/security.txt', (c) => {
    const { securityContact, origin } = configOf(c.env);
    if (securityContact === null) throw new Refusal('not_found');
    const lines = [
      `Contact: ${securityContact}`,
      `Expires: ${new Date(Date.now() + contactHolds).toISOString()}`,
      `Canonical: ${origin}/.well-known/security.txt`,
    ];
    return c.newResponse(`${lines.join('\n')}\n`, 200, openHeaders);
  });

async function failingParts(env: Env): Promise<string[]> {
  const answers = await Promise.all(
    Object.entries(parts).map(async ([name, ask]) => ((await doesAnswer(name, ask(env))) ? [] : [name])),
  );
  return answers.flat();
}

async function doesAnswer(name: string, asked: Promise<unknown>): Promise<boolean> {
  const late = scheduler.wait(patience).then(() => false);
  try {
    return await Promise.race([asked.then(() => true), late]);
  } catch (error) {
    logFault(`health.${name}`, error);
    return false;
  }
}
