/** What is needed where no conversation goes on: to begin one, and to know what was said in those that are over. */
export { detailsOf } from './details.ts';
export { arrivedIn, hasNews } from './missed.ts';
