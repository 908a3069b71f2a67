/** Bytes that go up, with how far they are, which `fetch` does not say. */
import { type ApiError, parsed, problemOf, unreached } from './request.ts';
import type { More } from './signed-in.ts';

/** So long nothing may move before the connection counts as lost. */
const patience = 30_000;

export interface Put {
  path: string;
  bytes: ArrayBuffer;
  token: string;
  headers: More;
  /** Told how many of them have gone. */
  moved: (sent: number) => void;
  ended: AbortSignal;
}
export type PutBytes = <Answer>(put: Put) => Promise<Answer>;

/** Resolves to the parsed answer; throws an ApiError, also where it was ended. */
export const putBytes: PutBytes = <Answer>({ path, bytes, token, headers, moved, ended }: Put) =>
  new Promise<Answer>((resolve, reject: (why: ApiError) => void) => {
    const request = new XMLHttpRequest();
    const end = () => request.abort();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(end, patience);
    };
    request.open('PUT', path);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Authorization', `Bearer ${token}`);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded }) => {
      wait();
      moved(loaded);
    });
    request.addEventListener('loadend', () => {
      clearTimeout(timer);
      ended.removeEventListener('abort', end);
      const { status } = request;
      const answer = parsed(request.responseText);
      if (status === 0) reject(unreached());
      else if (status === 200 && answer !== undefined) resolve(answer as Answer);
      else reject(problemOf(status, answer));
    });
    ended.addEventListener('abort', end);
    wait();
    request.send(bytes);
  });
