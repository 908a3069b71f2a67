/** The style of what is fetched later comes with it. */
import { wear } from '../sheet.ts';
import css from './later.css?inline';

wear(css);
