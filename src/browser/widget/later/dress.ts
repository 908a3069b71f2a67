/** The style of what is fetched later comes with it. */
import { wear } from '../sheet.ts';
import field from '../../ui/field.css?inline';
import css from './later.css?inline';

wear(field + css);
