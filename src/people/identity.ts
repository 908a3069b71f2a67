/** Identity: the door to sign-in, sessions and mailed links. */
export { newLink } from './identity/mailed-link.ts';
export { repeppered } from './identity/password.ts';
