/** What is asked of this very Worker, and what an answer says. */
import { listSites } from '../../chat/sites.ts';
import { isId } from '../../protocol/ids.ts';
import type { Look } from './check.ts';

export type Asked = { path: string; kind: 'page' | 'widget' | 'data' | 'open'; response: Response };

const doors = [
  ['/', 'page'],
  ['/api/v1/setup', 'data'],
  ['/api/v1/people', 'data'],
  ['/api/v1/nothing', 'data'],
  ['/nothing', 'data'],
  ['/healthz', 'data'],
  ['/readyz', 'data'],
  ['/loader.js', 'open'],
  ['/.well-known/jwks.json', 'open'],
  ['/ledger/checkpoint', 'open'],
  ['/ledger/keys', 'open'],
] as const;
const mostWidgets = 5;

/** Every kind of answer that there is, as it is really given. */
export async function askedEverywhere(look: Look): Promise<Asked[]> {
  const widgets = (await sitesToAsk(look)).map(({ id }) => [`/widget/${id}`, 'widget'] as const);
  return Promise.all(
    [...doors, ...widgets].map(async ([path, kind]) => {
      const response = await look.own(path);
      await response.body?.cancel();
      return { path, kind, response };
    }),
  );
}

export async function sitesToAsk({ env }: Look): Promise<{ id: string; origins: readonly string[] }[]> {
  const sites = await listSites(env);
  return sites.filter(({ id }) => isId('site', id)).slice(0, mostWidgets);
}

/** The directives of a Content-Security-Policy. */
export function directivesOf(policy: string | null): Map<string, string[]> {
  return new Map(
    (policy ?? '').split(';').flatMap((text) => {
      const [name, ...sources] = text.trim().split(/\s+/);
      return name === undefined || name === '' ? [] : [[name.toLowerCase(), sources] as const];
    }),
  );
}
