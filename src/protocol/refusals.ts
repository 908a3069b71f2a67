/**
 * The closed list of refusals. A code is stable: clients decide by it, people read `detail`. HTTP answers carry
 * it as RFC 9457 problem details, sockets in a `refused` frame.
 */
export const refusals = {
  malformed: { status: 400, detail: 'This is not well-formed JSON.' },
  invalid: { status: 400, detail: 'A field is missing, unknown or does not fit.' },
  binary_frame: { status: 400, detail: 'Frames are text.' },
  too_large: { status: 413, detail: 'This is larger than allowed.' },
  unsupported_type: { status: 415, detail: 'The body must be application/json.' },
  signed_out: { status: 401, detail: 'Please sign in.' },
  factor_needed: { status: 401, detail: 'A second factor is needed.' },
  wrong_credentials: {
    status: 401,
    detail: 'The address or password is wrong, or there were too many tries.',
  },
  wrong_code: { status: 401, detail: 'The code is wrong, used or too old, or there were too many tries.' },
  wrong_passkey: { status: 401, detail: 'This passkey is not known here, or what it said does not fit.' },
  vouch_refused: { status: 403, detail: 'What this page says of its customer does not hold.' },
  step_up_needed: { status: 403, detail: 'For this, please prove once more that it is you.' },
  not_allowed: { status: 403, detail: 'You may not do this.' },
  place_refused: { status: 403, detail: 'Sotto can not be used from where you are.' },
  banned: { status: 403, detail: 'You can’t write here at the moment.' },
  read_only: { status: 503, detail: 'For now nobody can change or write anything here.' },
  exports_frozen: { status: 503, detail: 'For now nothing can be taken along from here.' },
  files_frozen: { status: 503, detail: 'For now no file can be sent or opened here.' },
  site_locked: { status: 503, detail: 'This chat is shut for now.' },
  network_unknown: {
    status: 409,
    detail: 'They are not here right now, so that it is not known where they write from.',
  },
  address_unproved: { status: 409, detail: 'Nobody has proved that this address is theirs.' },
  origin_refused: { status: 403, detail: 'This origin may not do this.' },
  not_found: { status: 404, detail: 'There is no such thing, or it is not yours.' },
  last_factor: { status: 409, detail: 'This is your only second factor. Add another one first.' },
  already_claimed: { status: 409, detail: 'Somebody else has claimed this conversation.' },
  conversation_closed: { status: 409, detail: 'This conversation is closed.' },
  too_late: { status: 409, detail: 'This can no longer be taken back.' },
  consent_needed: { status: 409, detail: 'This site needs your consent first.' },
  no_room: { status: 409, detail: 'There is no room for more of these.' },
  enough_today: { status: 409, detail: 'More of these can not be sent from here today. Go on tomorrow.' },
  id_reused: { status: 409, detail: 'This message id was used for another message.' },
  stale: { status: 409, detail: 'Too much has happened since; fetch the news first.' },
  would_lock_out: {
    status: 409,
    detail: 'These networks do not hold the address that you are at now, so you would lock yourself out.',
  },
  already_done: { status: 409, detail: 'This has been done already.' },
  address_taken: { status: 409, detail: 'Somebody has this address already.' },
  name_taken: { status: 409, detail: 'Another one is called so already.' },
  role_in_use: { status: 409, detail: 'Somebody has this role. Give them another one first.' },
  shortcut_taken: { status: 409, detail: 'This shortcut stands for another reply already.' },
  reset_gone: { status: 410, detail: 'Nobody asked for this, or too long ago.' },
  setup_gone: { status: 410, detail: 'This took too long, or was begun anew elsewhere. Begin once more.' },
  link_gone: { status: 410, detail: 'This link was used, replaced or is too old.' },
  code_gone: {
    status: 410,
    detail: 'This code was used, replaced, tried too often or is too old. Ask for another one.',
  },
  file_type_refused: { status: 422, detail: 'Files of this kind are not taken here.' },
  file_mismatch: { status: 422, detail: 'This file is not what its name says.' },
  file_harmful: { status: 422, detail: 'This file could do harm.' },
  file_broken: { status: 422, detail: 'This file is empty, damaged or cut off.' },
  file_locked: {
    status: 422,
    detail: 'This file is encrypted, so that nobody can check it. Send it without a password.',
  },
  password_unfit: { status: 422, detail: 'This password is too easy to guess.' },
  file_changed: { status: 409, detail: 'This is not the file that the upload began with.' },
  file_incomplete: { status: 409, detail: 'Some parts of this file are missing.' },
  file_waiting: { status: 409, detail: 'This file is still being scanned for malware.' },
  file_blocked: { status: 403, detail: 'This file is blocked: malware was found in it.' },
  file_unscanned: {
    status: 403,
    detail: 'This file could not be scanned for malware, and is closed until somebody lets it be opened.',
  },
  file_gone: { status: 410, detail: 'This file is gone.' },
  code_needed: { status: 403, detail: 'For this, please prove by a mailed code that it is you.' },
  reason_needed: { status: 403, detail: 'This file is sensitive: say why you open it.' },
  pgp_missing: { status: 409, detail: 'There is no OpenPGP key to encrypt this to.' },
  pgp_unfit: { status: 422, detail: 'This OpenPGP key can not be used.' },
  pgp_other: {
    status: 422,
    detail: 'This key has another fingerprint. Somebody may have given you another key: do not use it.',
  },
  profile_locked: { status: 409, detail: 'A profile of your organisation holds this setting.' },
  on_hold: { status: 409, detail: 'A legal hold keeps everything in this conversation as it is.' },
  restricted: {
    status: 403,
    detail:
      'The data of this customer are restricted: they are kept, and until that is lifted nobody does anything else with them.',
  },
  unanswered: { status: 409, detail: 'They wait for an answer to something else that they asked.' },
  incident_closed: { status: 409, detail: 'This incident is closed.' },
  not_next: {
    status: 409,
    detail: 'An incident goes forward one state at a time, and back only with a reason.',
  },
  clock_runs: {
    status: 409,
    detail: 'The law may want somebody told of this: say that it is done, or why nobody has to be.',
  },
  restoring: { status: 409, detail: 'A backup is being put back here.' },
  backup_refused: { status: 409, detail: 'There is no backup here that is as it was signed.' },
  erased: { status: 410, detail: 'This was erased, and does not come back.' },
  key_gone: {
    status: 410,
    detail: 'The key that opened this is nowhere any more, so that it can not come back.',
  },
  still_there: { status: 409, detail: 'This is still here, and nothing is put over it.' },
  upgrade_needed: { status: 426, detail: 'This address speaks WebSocket, version sotto.v1.' },
  too_fast: { status: 429, detail: 'That was too fast; wait a moment.' },
  internal: { status: 500, detail: 'Something went wrong on our side.' },
  unavailable: { status: 503, detail: 'This can not be answered right now; try again.' },
} as const satisfies Record<string, { status: number; detail: string }>;

export type RefusalCode = keyof typeof refusals;

export function isRefusalCode(value: unknown): value is RefusalCode {
  return typeof value === 'string' && Object.hasOwn(refusals, value);
}

/** A refusal on its way to whoever asked. `detail` says more than the code and never holds a secret. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  constructor(code: RefusalCode, detail?: string) {
    super(detail ?? refusals[code].detail);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** RFC 9457 problem details as Sotto sends them (`application/problem+json`). */
export type Problem = {
  type: 'about:blank';
  status: number;
  code: RefusalCode;
  detail: string;
  /** Where it is our failure: `urn:uuid:` and the request's id. Other answers that say the same are the same bytes. */
  instance?: string;
};

export function problemOf(refusal: Refusal, request: string): Problem {
  const { code, message } = refusal;
  const { status } = refusals[code];
  const detail = code === 'internal' ? `${message} Should you report it, its number is ${request}.` : message;
  const instance = status < 500 ? {} : { instance: `urn:uuid:${request}` };
  return { type: 'about:blank', status, code, detail, ...instance };
}

/** Why a socket was closed: the private range of RFC 6455, 7.4.2, but for our own failures (7.4.1). */
export const closeCodes = {
  failed: 1011,
  badFrame: 4400,
  signedOut: 4401,
  notAllowed: 4403,
  notFound: 4404,
  tooSlow: 4408,
  erased: 4410,
  restricted: 4423,
  versionTooOld: 4426,
  flooding: 4429,
} as const;

/** For now: whoever was here tries to come back, and is told at the door why not. To clients it is a code like any other. */
export const closedForNow = 4503;

/** What an object answers: errors lose their class between objects, so a refusal travels as a value. */
export type Answer<T> = { done: T } | { refused: RefusalCode; detail?: string };

/** The value of an answer. @throws {Refusal} if it was refused. */
export function take<T>(answer: Answer<T>): T {
  if ('refused' in answer) throw new Refusal(answer.refused, answer.detail);
  return answer.done;
}
