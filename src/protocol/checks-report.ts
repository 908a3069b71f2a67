/**
 * The signed report of the security checks, to be handed to an auditor: a page or JSON, each with a signed note (C2SP
 * signed-note) of the ledger's key that names its hash. Anybody can check it offline. The format: docs/CHECKS.md.
 */
import * as v from 'valibot';
import { checkGroups, checkOutcomes, standards } from './checks.ts';
import { type NoteKey, openNote } from './ledger-proof.ts';

/** No head of a ledger begins so, and no receipt. */
const head = 'sotto-checks/1';
const count = v.pipe(v.string(), v.regex(/^(?:0|[1-9]\d{0,5})$/));
const time = v.pipe(v.string(), v.isoTimestamp());

const noteSchema = v.strictObject({
  /** The host of the Sotto that it is about; its ledger's key signs. */
  from: v.string(),
  run: v.pipe(v.string(), v.regex(/^checks-[\d-]{1,20}$/)),
  looked: time,
  made: time,
  passed: count,
  accepted: count,
  failed: count,
  'not-run': count,
  format: v.picklist(['json', 'html']),
  /** Of the report as it is written, in hexadecimal. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
export type ReportNote = v.InferOutput<typeof noteSchema>;

/** The lines that are signed, in this order. */
export function reportNoteText(note: ReportNote): string {
  const lines = Object.keys(noteSchema.entries).map((name) => `${name} ${note[name as keyof ReportNote]}`);
  return `${[head, ...lines].join('\n')}\n`;
}

const moment = v.union([time, v.null()]);
const counts = v.strictObject({
  passed: v.number(),
  accepted: v.number(),
  failed: v.number(),
  'not-run': v.number(),
});
const found = v.record(v.string(), v.union([v.number(), v.boolean(), v.string(), v.array(v.string())]));
export const reportSchema = v.strictObject({
  format: v.literal(head),
  from: v.string(),
  run: v.string(),
  /** When the run was over, and when this was made of it. */
  looked: time,
  made: time,
  counts,
  standards: v.record(v.string(), v.string()),
  checks: v.array(
    v.strictObject({
      id: v.string(),
      group: v.picklist(Object.keys(checkGroups) as (keyof typeof checkGroups)[]),
      title: v.string(),
      measures: v.string(),
      why: v.string(),
      answers: v.record(
        v.picklist(Object.keys(standards) as (keyof typeof standards)[]),
        v.array(v.string()),
      ),
      outcome: v.picklist(checkOutcomes),
      standing: v.picklist([...checkOutcomes, 'accepted']),
      looked: moment,
      words: v.string(),
      found,
      exception: v.nullable(
        v.strictObject({
          reason: v.string(),
          by: v.string(),
          name: v.nullable(v.string()),
          at: time,
          until: time,
        }),
      ),
    }),
  ),
});
export type Report = v.InferOutput<typeof reportSchema>;

/** Behind a page stands its note, in a comment; whatever comes before that is signed. */
const noteBegins = '<!--\n';
const noteEnds = '-->\n';

export function signedPage(page: string, note: string): string {
  return `${page}${noteBegins}${note}${noteEnds}`;
}

/** JSON of two members: what is signed is `report` as JSON.stringify writes it, without spaces and in its order. */
export function signedJson(report: string, note: string): string {
  return `{"report":${report},"note":${JSON.stringify(note)}}\n`;
}

/** @returns undefined: no report, changed since, or not signed by the one of these keys that is its Sotto's */
export async function readReport(file: string, keys: readonly NoteKey[]): Promise<ReportNote | undefined> {
  const parts = file.startsWith('{') ? partsOfJson(file) : partsOfPage(file);
  const note = parts && parsed(parts.note.slice(0, parts.note.lastIndexOf('\n\n') + 1));
  if (parts === undefined || note?.format !== parts.format || note.sha256 !== (await hashOf(parts.text)))
    return undefined;
  const own = keys.filter(({ name }) => name === `${note.from}/ledger`);
  return (await openNote(parts.note, own)) === undefined ? undefined : note;
}

export async function hashOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

type Parts = { format: ReportNote['format']; text: string; note: string };

function partsOfPage(file: string): Parts | undefined {
  const begins = file.lastIndexOf(noteBegins);
  if (begins < 0 || !file.endsWith(noteEnds)) return undefined;
  return {
    format: 'html',
    text: file.slice(0, begins),
    note: file.slice(begins + noteBegins.length, -noteEnds.length),
  };
}

const jsonSchema = v.strictObject({ report: reportSchema, note: v.string() });

function partsOfJson(file: string): Parts | undefined {
  try {
    const raw: unknown = JSON.parse(file);
    const { note } = v.parse(jsonSchema, raw);
    const text = JSON.stringify((raw as { report: unknown }).report);
    // One report has one spelling: what another reader would take otherwise, or never sees, is not what was signed.
    return signedJson(text, note) === file ? { format: 'json', text, note } : undefined;
  } catch {
    return undefined;
  }
}

function parsed(text: string): ReportNote | undefined {
  const [first, ...lines] = text.split('\n').slice(0, -1);
  const fields = lines.map((line) => {
    const space = line.indexOf(' ');
    return [line.slice(0, space), line.slice(space + 1)] as const;
  });
  const read = v.safeParse(noteSchema, Object.fromEntries(fields));
  // One note has one spelling.
  return first === head && read.success && reportNoteText(read.output) === text ? read.output : undefined;
}
