/** One check at a time, on a deployment as it is, or with a fault in it. */
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { Look, Result } from '../../../src/duties/checks/check.ts';
import { checks } from '../../../src/duties/checks/list.ts';
import { lookAt, lookOf } from '../../../src/duties/checks/running.ts';
import type { Env } from '../../../src/config.ts';

export const day = 86_400_000;
export const hour = 3_600_000;

type Bent = Partial<Omit<Look, 'env'>> & { env?: Partial<Env> };

export async function looked(id: string, { env: bent, ...others }: Bent = {}): Promise<Result> {
  const check = checks.find((each) => each.id === id);
  if (check === undefined) throw new Error(`there is no check ${id}`);
  const look = lookOf({ ...env, ...bent }, others.at ?? Date.now());
  return lookAt(check, { ...look, ...others });
}

async function comesTo(id: string, outcome: Result['outcome'], bent?: Bent): Promise<Result> {
  const result = await looked(id, bent);
  expect(result, JSON.stringify({ id, ...result })).toMatchObject({ outcome });
  expect(result.words).toMatch(/^\S.*\.$/);
  return result;
}

// These three are looked for in the tests: each check has to be in the first two (list.test.ts).
export const passes = (id: string, bent?: Bent) => comesTo(id, 'passed', bent);
export const fails = (id: string, bent?: Bent) => comesTo(id, 'failed', bent);
export const isNotRun = (id: string, bent?: Bent) => comesTo(id, 'not-run', bent);

export const sql = (query: string, ...values: unknown[]) =>
  env.DB.prepare(query)
    .bind(...values)
    .run();

/** What this Worker answers, with something changed in it. */
export function ownWith(change: (headers: Headers, path: string) => void, status?: number): Bent {
  const { own } = lookOf(env, Date.now());
  return {
    own: async (path, init) => {
      const response = await own(path, init);
      const headers = new Headers(response.headers);
      change(headers, path);
      const body = [101, 204, 304].includes(response.status) ? null : await response.text();
      return new Response(body, { status: status ?? response.status, headers });
    },
  };
}
