/** What a law asks for: the door to what owners have noted for it, which lies sealed. */
export { contractPlace, controllerOf, controllerPlace } from './laws/notes.ts';
