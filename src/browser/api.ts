/** The HTTP side of both faces. */
export { ApiError, request } from './api/request.ts';
export { type Grant, type More, SignedIn, acrossTabs } from './api/signed-in.ts';
export { StaffSignedIn } from './api/staff-signed-in.ts';
