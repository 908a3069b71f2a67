/** Fields that bodies of every kind share. */
import * as v from 'valibot';
import { limits } from './limits.ts';

export const codePoints = (text: string) => [...text].length;
export const wellFormed = v.check((text: string) => text.isWellFormed(), 'not well-formed Unicode');

/** A name for people to read: one line, no control or direction-changing characters, trimmed. */
export const nameSchema = v.pipe(
  v.string(),
  v.maxLength(limits.nameLength * 2),
  wellFormed,
  v.trim(),
  v.nonEmpty(),
  v.check((text) => codePoints(text) <= limits.nameLength, `longer than ${limits.nameLength} characters`),
  v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'holds control characters'),
);

/** An e-mail address; compared in lower case. */
export const addressSchema = v.pipe(
  v.string(),
  v.maxLength(limits.addressLength),
  v.trim(),
  v.regex(/^[^\s@<>"(),:;\\[\]\p{Cc}\p{Cf}]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/iu, 'not an e-mail address'),
  v.toLowerCase(),
);

/** Why somebody does what they have to answer for. */
/** A day of the calendar. */
export const daySchema = v.pipe(v.string(), v.isoDate('not a day like 2026-11-28'));

export const reasonSchema = v.pipe(
  v.string(),
  v.maxLength(limits.reason * 2),
  wellFormed,
  v.check((text) => text.trim() !== '', 'empty'),
  v.check((text) => codePoints(text) <= limits.reason, `longer than ${limits.reason} characters`),
);

/** Which text of a site somebody has agreed to. */
export const versionSchema = v.pipe(v.string(), v.regex(/^[\w.-]{1,40}$/, 'not a version'));

/** A language (BCP 47), as far as texts are chosen by it. */
export const languageSchema = v.pipe(
  v.string(),
  v.regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, 'not a language tag'),
);
