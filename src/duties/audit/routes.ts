/** The ledger over HTTP: pages and files for those who may, and for anybody what proves it, which says nothing of anybody. */
import { stringify } from 'csv-stringify/sync';
import { Hono } from 'hono';
import { fitting, bodyOf, type Ctx, type Http, networkOf } from '../../http.ts';
import type { Env } from '../../config.ts';
import { countArchived, entriesOf, exported, ledgerOf, pageOf, tileOf, verifierKeys } from '../../ledger.ts';
import { openHeaders } from '../../headers.ts';
import { allow, requireStepUp, staffOf } from '../../people/guard.ts';
import { note, seen } from '../../people/recording.ts';
import {
  ledgerExportRequest,
  ledgerQuery,
  type WitnessAnswer,
  witnessRequest,
} from '../../protocol/ledger-query.ts';
import type { LedgerAnswer, LedgerEntry } from '../../protocol/ledger.ts';
import { limits } from '../../protocol/limits.ts';
import { builtInRoles } from '../../protocol/permissions.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { tileWidth } from '../../protocol/ledger-proof.ts';
import { csvOptions, file, textOf } from '../download.ts';
import { Lately } from '../lately.ts';
import { setWitness, witnessOf } from './witness.ts';

export const auditRoutes = new Hono<Http>()
  .get('/ledger', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'ledger.read');
    const { before, ...filter } = fitting(ledgerQuery, c.req.query());
    const page = await pageOf(c.env, filter, before, limits.ledgerPage);
    await seen(c.env, staff, 'ledger.read');
    return c.json<LedgerAnswer>({ ...page, archived: await countArchived(c.env) });
  })

  .get('/ledger/witness', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'ledger.read');
    return c.json<WitnessAnswer>({ address: await witnessOf(c.env) });
  })

  .put('/ledger/witness', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    // Whoever is watched does not choose who watches: it is for those whom nobody stands above.
    allow(staff, 'organisation.change', { grants: builtInRoles.owner });
    const { address } = await bodyOf(c, witnessRequest);
    await requireStepUp(c.env, staff);
    note(c, { facts: { changed: ['witness'] } });
    await setWitness(c.env, address);
    return c.json<WitnessAnswer>({ address });
  })

  .post('/ledger/export', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'ledger.export');
    const asked = await bodyOf(c, ledgerExportRequest);
    await requireStepUp(c.env, staff);
    note(c, { facts: { format: asked.format } });
    const mode = 'exports';
    if (asked.format === 'csv')
      return file(c, { name: 'ledger.csv', type: 'text/csv', mode }, csvOf(c, asked.filter ?? {}));
    return file(c, { name: 'ledger.ndjson', type: 'application/x-ndjson', mode }, await ndjsonOf(c));
  });

/** Outside the API and for anybody: C2SP tlog-tiles. Tiles hold hashes of entries, and each entry a random id. */
export const publicLedgerRoutes = new Hono<Http>()
  .get('/checkpoint', async (c) => {
    return c.newResponse((await headOf(c.env)).note, 200, {
      ...openHeaders,
      'cache-control': 'public, max-age=5',
    });
  })
  .get('/keys', async (c) => {
    return c.newResponse(`${(await verifierKeys(c.env)).join('\n')}\n`, 200, openHeaders);
  })
  .get('/tile/:level/:place{.+}', async (c) => {
    const tile = tileAt(c.req.param('level'), c.req.param('place'));
    await limitTiles(c);
    const hashes = tile && (await tileOf(c.env, tile, (await headOf(c.env)).size));
    if (hashes === undefined) throw new Refusal('not_found');
    return c.newResponse(hashes.slice(), 200, {
      ...openHeaders,
      'content-type': 'application/octet-stream',
      // What a tile says, full or cut off, it says for ever.
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });

const head = new Lately<{ note: string; size: number }>();

/** Strangers may ask as often as they like: the one writer is asked once a second. */
function headOf(env: Env): Promise<{ note: string; size: number }> {
  return head.get(async () => {
    const { note, size } = await ledgerOf(env).checkpoint();
    return { note, size };
  });
}

/** Each may be one that nobody has asked for yet. @throws {Refusal} too_fast */
async function limitTiles(c: Ctx): Promise<void> {
  const { success } = await c.env.VISITOR_LIMIT.limit({ key: `tile ${networkOf(c.req.raw)}` });
  if (!success) throw new Refusal('too_fast');
}

/** `000`, `x001/234/567`, `005.p/17`; undefined for what is no tile's place. */
function tileAt(level: string, place: string): { level: number; index: number; width: number } | undefined {
  const [, groups, width] = /^((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(place) ?? [];
  if (groups === undefined || !/^[0-5]$/.test(level) || Number(width) >= tileWidth) return undefined;
  const index = Number(groups.replaceAll(/[x/]/g, ''));
  return { level: Number(level), index, width: width === undefined ? tileWidth : Number(width) };
}

async function ndjsonOf(c: Ctx): Promise<AsyncGenerator<string>> {
  return textOf(await exported(c.env), (some) => some.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

const columns = ['seq', 'at', 'actor', 'session', 'action', 'object', 'subject', 'outcome', 'facts'] as const;

function csvOf(c: Ctx, filter: Parameters<typeof entriesOf>[1]): AsyncGenerator<string> {
  const row = ({ at, facts, ...entry }: LedgerEntry) => {
    const shown = { ...entry, at: new Date(at).toISOString(), facts: JSON.stringify(facts) };
    return columns.map((column) => shown[column]);
  };
  return textOf(
    entriesOf(c.env, filter),
    (entries) => stringify(entries.map(row), csvOptions),
    stringify([columns], csvOptions),
  );
}
