/** One HTTP request: JSON out, JSON or a problem in. */
import type { Problem, RefusalCode } from '../../protocol/refusals.ts';

const patience = 20_000;

/** An answer that is not the wished one. `offline` stands for no answer at all. */
export class ApiError extends Error {
  readonly code: RefusalCode | 'offline';
  readonly status: number;
  readonly detail: string;
  constructor(code: RefusalCode | 'offline', status: number, detail: string) {
    super(detail);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.detail = detail;
  }
}

export interface Ask {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: object | undefined;
  /** An access token, or one that is good for the next step of signing in only. */
  token?: string | undefined;
  /** What else goes with it. */
  headers?: Readonly<Record<string, string>>;
}

/** One request. Resolves to the parsed answer, null where it has no body; throws an ApiError and nothing else. */
export async function request<Answer>({ method, path, body, token, headers: more }: Ask): Promise<Answer> {
  const headers = new Headers({ Accept: 'application/json', ...more });
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
  const response = await reached(
    fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    }),
  );
  const text = await reached(response.text());
  const answer = parsed(text);
  if (response.ok && (text === '' || answer !== undefined)) return (answer ?? null) as Answer;
  throw problemOf(response.status, answer);
}

async function reached<Value>(promise: Promise<Value>): Promise<Value> {
  try {
    return await promise;
  } catch {
    throw unreached();
  }
}

export function unreached(): ApiError {
  return new ApiError('offline', 0, 'Sotto can not be reached.');
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A proxy or the platform may answer in its own words; then the status is all there is to go by. */
export function problemOf(status: number, answer: unknown): ApiError {
  if (typeof answer === 'object' && answer !== null && 'code' in answer && 'detail' in answer) {
    const { code, detail } = answer as Problem;
    return new ApiError(code, status, detail);
  }
  if (status === 429) return new ApiError('too_fast', status, 'That was too fast; wait a moment.');
  return new ApiError('unavailable', status, 'Sotto can not answer right now; try again.');
}
