/** Where a connection stands, as people are told, and what each way of ending means for it. */
import { closeCodes } from '../../protocol/refusals.ts';
import { ApiError } from '../api.ts';

export type StopReason =
  | 'signed_out'
  | 'unproved'
  | 'not_allowed'
  | 'not_found'
  | 'erased'
  | 'restricted'
  | 'version_too_old'
  | 'bad_frame'
  | 'left';

/** `nextTry` is null while a try is under way. Times are Unix milliseconds of this machine. */
export type ConnectionState =
  | { is: 'connecting' }
  | { is: 'online' }
  | { is: 'reconnecting'; since: number; nextTry: number | null }
  | { is: 'offline'; since: number; nextTry: number | null }
  | { is: 'stopped'; reason: StopReason };

/** Whether this conversation, or inbox, is no longer for whoever is here. A page that is too old may still go on. */
export function isShut(state: ConnectionState): boolean {
  return state.is === 'stopped' && shut.has(state.reason);
}

const shut = new Set<StopReason>(['not_allowed', 'not_found', 'erased', 'restricted']);

export type Verdict =
  | { then: 'reconnect' }
  | { then: 'pause'; milliseconds: number }
  | { then: 'refresh' }
  | { then: 'stop'; reason: StopReason };

const pauseAfterFlooding = 10_000;
const reconnect: Verdict = { then: 'reconnect' };
const pause: Verdict = { then: 'pause', milliseconds: pauseAfterFlooding };
const stop = (reason: StopReason): Verdict => ({ then: 'stop', reason });

const afterClose: Record<number, Verdict> = {
  [closeCodes.badFrame]: stop('bad_frame'),
  [closeCodes.signedOut]: { then: 'refresh' },
  [closeCodes.notAllowed]: stop('not_allowed'),
  [closeCodes.notFound]: stop('not_found'),
  [closeCodes.erased]: stop('erased'),
  [closeCodes.restricted]: stop('restricted'),
  [closeCodes.versionTooOld]: stop('version_too_old'),
  [closeCodes.flooding]: pause,
};

const afterRefusal: Partial<Record<ApiError['code'], Verdict>> = {
  signed_out: stop('signed_out'),
  factor_needed: stop('signed_out'),
  step_up_needed: stop('unproved'),
  not_allowed: stop('not_allowed'),
  origin_refused: stop('not_allowed'),
  not_found: stop('not_found'),
  restricted: stop('restricted'),
  upgrade_needed: stop('version_too_old'),
  too_fast: pause,
};

/** Every other code, those of the network and of a deploy among them, means: come back. */
export function afterClosing(code: number): Verdict {
  return afterClose[code] ?? reconnect;
}

/** After a ticket was refused. The API has refreshed its access token once before it says `signed_out`. */
export function afterError(error: unknown): Verdict {
  if (!(error instanceof ApiError)) return stop('bad_frame');
  return afterRefusal[error.code] ?? reconnect;
}

/** Whether the same request may have another answer later: nobody was reached, it was in haste, or we failed. */
export function mayPass(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
}
