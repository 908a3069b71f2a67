/** The record of processing activities (GDPR, article 30(1)), as it is made from what is set (docs/PRIVACY.md). */
import * as v from 'valibot';
import type { Localised, SiteSettings } from './bodies.ts';
import { codePoints, wellFormed } from './fields.ts';
import type { Group } from './files.ts';
import { limits } from './limits.ts';

/** Empty: nobody has said. */
const line = v.pipe(
  v.string(),
  v.maxLength(limits.reason * 2),
  wellFormed,
  v.check((text) => codePoints(text) <= limits.reason, `longer than ${limits.reason} characters`),
);
/** Who answers for the data: the controller, how to reach them, and the data protection officer. */
export const controllerSchema = v.strictObject({ name: line, contact: line, officer: line });
export type Controller = v.InferOutput<typeof controllerSchema>;
export const nobody: Controller = { name: '', contact: '', officer: '' };

/** What is processed on one site. */
export type ProcessingOfSite = {
  id: string;
  name: string;
  origins: string[];
  /** What is asked before a conversation; without a label it has the widget's own words. */
  questions: { kind: 'name' | 'address' | 'text'; label: string | null; required: boolean }[];
  files: Group[];
  consent: { version: string; text: Localised } | null;
  masked: (keyof SiteSettings['masking'])[];
  /** Null: for ever. */
  conversationDays: number | null;
  visitorDays: number | null;
  fileDays: number;
};
export type Processing = {
  /** When it was made, in Unix milliseconds. */
  at: number;
  /** Where this Sotto is. */
  origin: string;
  controller: Controller;
  purposes: string[];
  people: string[];
  data: string[];
  sites: ProcessingOfSite[];
  recipients: { who: string; what: string }[];
  /** Where what is kept lies, and what is not held there. */
  transfers: string[];
  times: { what: string; howLong: string }[];
  /** Article 32, in short, with the rules that hold it. */
  security: { what: string; rules: string[] }[];
};
export type ProcessingAnswer = { record: Processing };
