/** The HTTP side of both faces. */
export { ApiError, request } from './api/request.ts';
export { type Grant, SignedIn } from './api/signed-in.ts';
