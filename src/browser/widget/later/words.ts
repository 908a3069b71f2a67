/** The words of what is fetched later, in the language that the widget speaks by then. */
import { spoken } from '../words.ts';
import { english } from './english.ts';

export const words = spoken?.later ?? english;
