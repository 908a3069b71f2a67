/** What somebody has seen, over HTTP: as an answer, and as a file of whom to tell. */
import { stringify } from 'csv-stringify/sync';
import { Hono } from 'hono';
import { bodyOf, type Ctx, type Http } from '../../http.ts';
import { allow, requireStepUp, staffOf } from '../../people/guard.ts';
import type { Staff } from '../../people/permission.ts';
import { pgpWished } from '../../people/pgp.ts';
import { note } from '../../people/recording.ts';
import { StaffDirectory } from '../../people/staff.ts';
import {
  type RadiusAnswer,
  radiusExportRequest,
  radiusRequest,
  type SeenCustomer,
  type SeenThing,
} from '../../protocol/containment.ts';
import type { PersonId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { csvOptions, file, textOf } from '../download.ts';
import { customersOf, radiusOf, seenBy } from '../radius.ts';

export const radiusRoutes = new Hono<Http>()
  .post('/radius', async (c) => {
    const staff = await askerOf(c);
    const { person, ...span } = await bodyOf(c, radiusRequest);
    await begin(c, staff, person, span);
    return c.json<RadiusAnswer>(await radiusOf(c.env, staff, person, span));
  })

  .post('/radius/export', async (c) => {
    const staff = await askerOf(c);
    const { person, format, openpgp, ...span } = await bodyOf(c, radiusExportRequest);
    await begin(c, staff, person, span);
    const pgp = await pgpWished(c.env, openpgp);
    const { things } = await seenBy(c.env, person, span);
    note(c, { facts: { format, openpgp: pgp !== null, seen: things.length } });
    const rows = rowsOf(c, staff, things);
    if (format === 'csv') return file(c, { name: 'seen.csv', type: 'text/csv', pgp }, csvOf(rows));
    return file(c, { name: 'seen.ndjson', type: 'application/x-ndjson', pgp }, textOf(rows, ndjsonOf));
  });

async function askerOf(c: Ctx): Promise<Staff> {
  const staff = await staffOf(c.env, c.req.raw);
  allow(staff, 'incident.contain');
  // It is the ledger that says it.
  allow(staff, 'ledger.read');
  return staff;
}

/** @throws {Refusal} step_up_needed, not_found, invalid */
async function begin(c: Ctx, staff: Staff, person: PersonId, { from, to }: { from: number; to: number }) {
  if (from > to) throw new Refusal('invalid', 'from: not before to');
  await requireStepUp(c.env, staff);
  if ((await new StaffDirectory(c.env).byId(person)) === undefined) throw new Refusal('not_found');
  note(c, { object: person, subject: person, facts: { from, to } });
}

type Line = SeenThing & Pick<SeenCustomer, 'name' | 'address'>;

/** Those of one customer stand together; those of nobody who is known come last. */
async function* rowsOf(c: Ctx, staff: Staff, things: readonly SeenThing[]): AsyncGenerator<Line[]> {
  for await (const customers of customersOf(c.env, staff, things))
    yield customers.flatMap(({ customer: { name, address }, theirs }) =>
      theirs.map((thing) => ({ ...thing, name, address })),
    );
  yield things
    .filter(({ visitor }) => visitor === null)
    .map((thing) => ({ ...thing, name: null, address: null }));
}

function ndjsonOf(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

const columns = [
  ...(['visitor', 'name', 'address', 'certain', 'kind', 'object', 'conversation'] as const),
  ...(['first', 'last', 'times'] as const),
] as const;

function csvOf(rows: AsyncGenerator<Line[]>): AsyncGenerator<string> {
  const cells = (line: Line) => {
    const shown = {
      ...line,
      certain: line.certain ? 'yes' : 'possibly',
      first: new Date(line.first).toISOString(),
      last: new Date(line.last).toISOString(),
    };
    return columns.map((column) => shown[column]);
  };
  return textOf(rows, (lines) => stringify(lines.map(cells), csvOptions), stringify([columns], csvOptions));
}
