/** The words of proving an address, in the language that the widget speaks by then. */
import { spoken } from '../../words.ts';
import { english } from './english.ts';

export const words = spoken?.proof ?? english;
