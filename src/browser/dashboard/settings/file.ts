/** What can be taken along from the settings, as a file. */
import type { Problem } from '../../../protocol/refusals.ts';
import { ApiError } from '../../api.ts';
import type { Session } from '../session.ts';

/** However long it is, so long as it comes. */
const patience = 30 * 60_000;

/** Fetches it whole, so that nothing half is ever saved. @param wish what is posted for it, if anything @throws {ApiError} */
export async function fetchFile(api: Session['api'], path: string, wish?: object): Promise<Blob> {
  try {
    return await fetched(api, path, wish);
  } catch (error) {
    const isUnproved = error instanceof ApiError && error.code === 'step_up_needed';
    if (!isUnproved || (await api.stepUp?.(error.detail)) !== true) throw error;
    return fetched(api, path, wish);
  }
}

async function fetched(api: Session['api'], path: string, wish: object | undefined): Promise<Blob> {
  const { access } = await api.renew();
  const headers = new Headers(api.headers);
  if (wish !== undefined) headers.set('Content-Type', 'application/json');
  headers.set('Authorization', `Bearer ${access}`);
  const asked = {
    method: wish === undefined ? 'GET' : 'POST',
    headers,
    body: wish === undefined ? null : JSON.stringify(wish),
    signal: AbortSignal.timeout(patience),
  };
  let answer: Response;
  let file: Blob;
  try {
    answer = await fetch(path, asked);
    file = await answer.blob();
  } catch {
    throw new ApiError('offline', 0, 'Sotto can not be reached.');
  }
  if (answer.ok) return file;
  const { code, detail } = await problemIn(file);
  throw new ApiError(code, answer.status, detail);
}

async function problemIn(file: Blob): Promise<Pick<Problem, 'code' | 'detail'>> {
  try {
    return JSON.parse(await file.text()) as Problem;
  } catch {
    return { code: 'unavailable', detail: 'Sotto can not answer right now; try again.' };
  }
}
