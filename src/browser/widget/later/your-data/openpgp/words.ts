/** The words about encrypting, in the language that the widget speaks by then; another language is a file in words/. */
import { english, type OpenPgpWords } from './english.ts';

const folder = './words/';
const others = import.meta.glob<OpenPgpWords>('./words/*.ts', { import: 'default' });
const { lang } = document.documentElement;

/** Whatever goes wrong on the way, there is English. */
export const words = (await others[`${folder}${lang}.ts`]?.().catch(() => null)) ?? english;
