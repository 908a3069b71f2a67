/** Asking this very Worker, as somebody would who comes from outside. */
import { configOf, type Env } from '../config.ts';

/** @param path with its slash */
export async function askItself(env: Env, path: string, init?: RequestInit): Promise<Response> {
  const { exports } = await import('cloudflare:workers');
  return (exports as unknown as { default: Fetcher }).default.fetch(`${configOf(env).origin}${path}`, {
    redirect: 'manual',
    ...init,
  });
}
