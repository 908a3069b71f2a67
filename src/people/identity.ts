/** Identity: the door to sign-in, sessions and invitations. */
export { newInvitation } from './identity/invitation.ts';
