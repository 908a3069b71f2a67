import { join, resolve } from 'node:path';

/** Where this checkout lies, whatever folder the tool was called from. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** `npx wrangler` is a parent that leaves the real one alive when it is killed, so the real one is called. */
export const WRANGLER = join(ROOT, 'node_modules/wrangler/wrangler-dist/cli.js');

/** No word to anybody about this machine, no update notices, no look-up of where in the world it stands. */
export const QUIET_WRANGLER = {
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: 'true',
};
