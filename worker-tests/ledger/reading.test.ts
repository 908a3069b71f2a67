/** The ledger as it is read: by staff who may, page by page and as a file, and by anybody who wants it proved. */
import { createScheduledController, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { seeToRuns } from '../../src/duties/runs.ts';
import { exported, ledgerOf, type Told } from '../../src/ledger.ts';
import worker from '../../src/worker.ts';
import type { LedgerAnswer, LedgerLine } from '../../src/protocol/ledger.ts';
import { newId } from '../../src/protocol/ids.ts';
import {
  type Checkpoint,
  leafHash,
  readCheckpoint,
  readLeaf,
  readLedger,
  readVerifierKey,
  Verification,
} from '../../src/protocol/ledger-proof.ts';
import { call, type Member, newMember, newTeam } from '../cast.ts';

let owner: Member;
let auditor: Member;
const [one, two] = [newId('person'), newId('person')];
const object = newId('conversation');
const start = Date.UTC(2026, 5, 1);

const told = (at: number, more: Partial<Told>): Told => ({
  id: crypto.randomUUID(),
  at,
  actor: one,
  action: 'conversation.read',
  outcome: 'done',
  ...more,
});

beforeAll(async () => {
  const team = await newTeam();
  owner = await newMember('owner', [team]);
  auditor = await newMember('auditor', [team]);
  const all = Array.from({ length: 300 }, (_, n) =>
    told(start + n * 1_000, {
      actor: n % 3 === 0 ? two : one,
      ...(n % 10 === 0 && { object }),
      ...(n % 50 === 0 && { action: 'visitor.ban', facts: { n } }),
    }),
  );
  const personal = { of: two, what: { device: 'MARKED device' } };
  // One that happened before all others, and was told after them.
  await ledgerOf(env).append([...all, told(start - 1, { actor: two, object, personal, late: true })]);
  await ledgerOf(env).checkpoint();
});

async function page(query: Record<string, string>, access = auditor.access) {
  // The database hears of what is new a moment later, or when somebody wants it signed.
  await ledgerOf(env).checkpoint();
  return call<LedgerAnswer>('GET', `/api/v1/ledger?${new URLSearchParams(query).toString()}`, {
    token: access,
  });
}

async function pages(query: Record<string, string>) {
  const entries: LedgerAnswer['entries'] = [];
  for (let next: string | null = ''; next !== null;) {
    const { body } = await page({ ...query, ...(next !== '' && { before: next }) });
    entries.push(...body.entries);
    ({ next } = body);
  }
  return entries;
}

describe('a page of the ledger', () => {
  const to = String(start + 300_000);

  it('L10 has what was looked for, the newest first, and no entry twice or not at all', async () => {
    const all = await pages({ to });
    expect(all.map(({ at }) => at)).toEqual(
      Array.from({ length: 301 }, (_, n) => start + 299_000 - n * 1_000).with(-1, start - 1),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(301);
    const first = (await page({ to })).body;
    expect([first.entries.length, first.archive]).toEqual([50, null]);
    const narrow = await pages({ to, actor: two, about: object });
    expect(narrow.map(({ at }) => (at - start) / 1_000)).toEqual([
      ...Array.from({ length: 10 }, (_, n) => 270 - n * 30),
      -0.001,
    ]);
    const banned = await pages({ to, action: 'visitor.ban', from: String(start + 60_000) });
    expect(banned.map(({ facts }) => facts['n'])).toEqual([250, 200, 150, 100]);
  });

  it('L10 finds by several actions at once, and an id wherever it stands, each entry once', async () => {
    const both = await pages({ to, action: 'visitor.ban,conversation.read', from: String(start + 298_000) });
    expect(both).toHaveLength(2);
    expect(await pages({ to, action: 'visitor.ban,ledger.read' })).toHaveLength(6);
    const [her, him] = [newId('person'), newId('person')];
    const early = start - 100_000;
    await ledgerOf(env).append([
      told(early + 1, { actor: her, action: 'signIn.factor', subject: her }),
      told(early + 2, { actor: null, action: 'signIn.password', subject: her, outcome: 'refused' }),
      told(early + 3, { actor: him, action: 'people.change', object: her }),
      told(early + 4, { actor: her, action: 'people.change', object: him, subject: him }),
      told(early + 5, { actor: him, action: 'session.end' }),
    ]);
    await ledgerOf(env).checkpoint();
    const times = async (query: Record<string, string>) => (await pages(query)).map(({ at }) => at - early);
    expect(await times({ about: her })).toEqual([4, 3, 2, 1]);
    expect(await times({ about: him })).toEqual([5, 4, 3]);
    expect(await times({ about: her, actor: him })).toEqual([3]);
    expect(await times({ about: her, action: 'signIn.factor,signIn.password,session.end' })).toEqual([2, 1]);
    const [third] = (await page({ about: her })).body.entries.slice(2);
    expect(await times({ about: her, before: `${third?.at ?? 0}.${third?.seq ?? 0}` })).toEqual([1]);
  });

  it('L5 shows personal details until their key is destroyed, and that they were there ever after', async () => {
    const query = { to: String(start), about: object };
    const [entry] = (await page(query)).body.entries;
    expect(entry).toMatchObject({ actor: two, late: true, personal: { device: 'MARKED device' } });
    const row = await env.DB.prepare('SELECT hex(details) AS kept FROM ledger WHERE seq = ?')
      .bind(entry?.seq ?? 0)
      .first<{ kept: string }>();
    const put = (hex: string) =>
      env.DB.prepare('UPDATE ledger SET details = unhex(?) WHERE seq = ?')
        .bind(hex, entry?.seq ?? 0)
        .run();
    // Changed by hand it is not shown as erased: its key is there.
    await put(`${row?.kept.slice(0, -2) ?? ''}${row?.kept.endsWith('00') === true ? '01' : '00'}`);
    expect((await page(query)).body.entries).toEqual([{ ...entry, personal: 'unreadable' }]);
    await put(row?.kept ?? '');
    expect((await page(query)).body.entries).toEqual([entry]);
    await env.DB.prepare('DELETE FROM ledger_keys WHERE owner = ?').bind(two).run();
    expect((await page(query)).body.entries).toEqual([{ ...entry, personal: 'erased' }]);
  });

  it('L10 is refused to a query that does not fit', async () => {
    for (const query of [
      { actor: "x' OR 1=1" },
      { action: 'nonsense' },
      { action: 'visitor.ban,nonsense' },
      { action: Array.from({ length: 41 }, () => 'visitor.ban').join(',') },
      { before: '1' },
      { from: 'now' },
      { page: '2' },
    ])
      expect((await page(query as Record<string, string>)).body.code, JSON.stringify(query)).toBe('invalid');
  });

  it('L10 is itself read under the eyes of the ledger', async () => {
    await ledgerOf(env).checkpoint();
    const [entry] = (await page({ actor: auditor.id, action: 'ledger.read' })).body.entries;
    expect(entry).toMatchObject({ actor: auditor.id, session: auditor.session, outcome: 'done' });
  });
});

describe('what proves it', () => {
  const text = async (path: string) => (await call('GET', `/ledger/${path}`)).text;
  const keys = async () =>
    (await text('keys'))
      .trim()
      .split('\n')
      .flatMap((line) => readVerifierKey(line) ?? []);
  const headIn = async (note: string): Promise<Checkpoint> => {
    const head = await readCheckpoint(note, await keys());
    if (head === undefined) throw new Error('not a signed checkpoint');
    return head;
  };

  it('L11 is anybody’s: keys, the signed head and tiles, which say nothing of anybody', async () => {
    const head = await headIn(await text('checkpoint'));
    expect(head.origin).toBe('sotto.test/ledger');
    const { headers } = await call('GET', '/ledger/checkpoint');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    const exported = await file({ format: 'ndjson' }, owner);
    const leaves = linesIn(exported.text).flatMap((line) => ('leaf' in line ? [line.leaf] : []));
    const tile = await env.LEDGER.get('tile/0/000').then((kept) => kept?.bytes());
    const hash = leafHash(new TextEncoder().encode(leaves[3]));
    expect(tile?.subarray(96, 128)).toEqual(hash);
    expect((await call('GET', '/ledger/tile/0/000')).status).toBe(200);
    expect((await call('GET', '/ledger/tile/0/001.p/3')).status).toBe(200);
    const gone = ['0/002', '0/001.p/255', '0/000.p/256', '0/00', '9/000', '0/001'];
    for (const path of gone) expect((await call('GET', `/ledger/tile/${path}`)).status, path).toBe(404);
  });

  it('L11 costs the writer nothing that strangers ask beside the edge of its tree, or too often', async () => {
    const { size } = await headIn((await ledgerOf(env).checkpoint()).note);
    const status = async (place: string, headers = {}) =>
      (await call('GET', `/ledger/tile/${place}`, { headers })).status;
    const name = (from: string, to: string) =>
      runInDurableObject(ledgerOf(env), (_, { storage }) =>
        storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`),
      );
    // The head is a second old at most: this one is known as long as no time goes by.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5_000 });
    try {
      expect(await text('checkpoint')).toContain(`\n${size}\n`);
      await name('tiles', 'gone');
      expect(await status('0/000')).toBe(200);
      expect(await status('0/000.p/17')).toBe(200);
      for (const place of [
        `0/001.p/${(size % 256) + 1}`,
        '0/001',
        '0/002.p/1',
        '2/000.p/1',
        '5/x999/999.p/1',
      ])
        expect(await status(place), place).toBe(404);
      expect(await status('0/001.p/3')).toBe(500);
    } finally {
      await name('gone', 'tiles');
      vi.useRealTimers();
    }
    const often = Array.from({ length: 260 }, () => status('0/000', { 'cf-connecting-ip': '198.51.100.77' }));
    expect(await Promise.all(often)).toContain(429);
  });

  it('L12 is in the file that may be taken along, with which a stranger proves it whole', async () => {
    await ledgerOf(env).tidy();
    await ledgerOf(env).append([told(Date.now(), {})]);
    const { text, headers } = await file({ format: 'ndjson' }, owner);
    expect(headers.get('content-disposition')).toBe('attachment; filename="ledger.ndjson"');
    const verification = new Verification();
    const heads: Checkpoint[] = [];
    for (const line of linesIn(text)) {
      if ('leaf' in line) verification.entry(line.seq, line.leaf);
      else if ('tile' in line) verification.tile(...line.tile, Uint8Array.fromBase64(line.hashes));
      else for (const note of line.checkpoints) heads.push(await headIn(note));
    }
    expect(heads.length).toBeGreaterThan(1);
    const verdict = verification.verdict(heads);
    expect(verdict).toMatchObject({ findings: [], proved: heads.at(-1)?.size, entries: heads.at(-1)?.size });
    expect(verdict.root).toEqual(heads.at(-1)?.root);
  });

  it('L12 is for those who may, with a second factor proved just now, and each taking stands in the ledger', async () => {
    const agent = await newMember('agent', []);
    expect((await file({ format: 'csv' }, agent)).body.code).toBe('not_allowed');
    expect((await file({ format: 'pdf' }, owner)).body.code).toBe('invalid');
    await file({ format: 'csv' }, owner);
    const [entry] = (await page({ actor: owner.id, action: 'ledger.export' })).body.entries;
    expect(entry).toMatchObject({ outcome: 'done', facts: { door: 'POST /ledger/export', format: 'csv' } });
  });

  it('L12 as a table holds what was looked for, and no formula', async () => {
    const odd = newId('team');
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1+1'];
    await ledgerOf(env).append([
      told(start - 5_000, { object: odd, facts: { n: 1 }, late: true }),
      ...formulas.map((formula, n) => told(start - 6_000 - n, { object: formula, subject: odd })),
    ]);
    await ledgerOf(env).checkpoint();
    const { text } = await file({ format: 'csv', filter: { about: odd } }, owner);
    const [head, late, ...others] = text.trimEnd().split('\r\n');
    expect(head).toBe('seq,at,actor,session,action,object,subject,outcome,facts,late');
    expect(late).toContain(
      `,2026-05-31T23:59:55.000Z,${one},,conversation.read,${odd},,done,"{""n"":1}",yes`,
    );
    expect(others.map((line) => line.split(',').slice(5))).toEqual(
      formulas.map((formula) => [`'${formula}`, odd, 'done', '{}', 'no']),
    );
  });

  it('M10 as lines holds what was looked for, and says of itself that it is no whole ledger', async () => {
    const odd = newId('team');
    const read = { actor: two, action: 'conversation.read', object: odd };
    const all = [told(start - 7_000, { ...read, late: true }), told(start - 8_000, read)];
    await ledgerOf(env).append([...all, told(start - 9_000, { object: odd })]);
    await ledgerOf(env).checkpoint();
    const filter = { about: odd, actor: two };
    const { text, headers } = await file({ format: 'ndjson', filter }, owner);
    expect(headers.get('content-disposition')).toBe('attachment; filename="ledger-selection.ndjson"');
    const [head, ...entries] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(head).toEqual({
      ...{
        format: 'sotto-ledger-selection/1',
        origin: 'sotto.test/ledger',
        at: expect.any(Number) as number,
      },
      ...{ filter, archive: null },
    });
    const said = { ...read, session: null, subject: null, outcome: 'done', facts: {} };
    expect(entries).toEqual([
      { ...said, seq: expect.any(Number) as number, at: start - 7_000, late: true },
      { ...said, seq: expect.any(Number) as number, at: start - 8_000, late: false },
    ]);
    const pieces = (async function* () {
      yield await Promise.resolve(new TextEncoder().encode(text));
    })();
    await expect(readLedger(pieces, { notes: [], keys: [] })).rejects.toThrow(
      'This is a selection of a ledger',
    );
    const [taking] = (await page({ actor: owner.id, action: 'ledger.export' })).body.entries;
    expect(taking?.facts).toMatchObject({ format: 'ndjson', whole: false });
    const everything = await file({ format: 'ndjson', filter: {} }, owner);
    expect(everything.text).toContain('"format":"sotto-ledger-selection/1"');
  });
});

describe('the archive and the witness', () => {
  /** With the long duties that it begins, which enter something too. */
  const daily = async () => {
    await worker.scheduled(createScheduledController({ cron: '17 3 * * *' }), env);
    const open = 'SELECT COUNT(*) AS n FROM runs WHERE over_at IS NULL';
    const others = `${open} AND duty <> 'archive'`;
    await expect.poll(() => env.DB.prepare(others).first('n'), { timeout: 10_000 }).toBe(0);
    // What waited for the backup goes on a quarter of an hour later.
    await seeToRuns(env, Date.now() + 900_000);
    await expect.poll(() => env.DB.prepare(open).first('n'), { timeout: 10_000 }).toBe(0);
  };

  it('L13 has what is older than thirteen months, from which the ledger is as whole as before', async () => {
    const old = Array.from({ length: 600 }, (_, n) => told(n, { actor: one, action: 'teams.create' }));
    await ledgerOf(env).append(old);
    const before = linesIn((await file({ format: 'ndjson' }, owner)).text).filter((line) => 'leaf' in line);
    await daily();
    // What stands before the first entry of these months, in whole bundles.
    expect(await env.DB.prepare('SELECT before FROM ledger_archive').first()).toEqual({ before: 0 });
    expect((await page({})).body.archive).toBe(null);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 401 * 24 * 3_600_000 });
    try {
      await daily();
    } finally {
      vi.useRealTimers();
    }
    const { before: archived } = (await env.DB.prepare('SELECT before FROM ledger_archive').first<{
      before: number;
    }>()) ?? { before: 0 };
    expect([archived >= 768, archived % 256]).toEqual([true, 0]);
    expect(await env.DB.prepare('SELECT MIN(seq) AS first FROM ledger').first()).toEqual({ first: archived });
    const fresh = await newMember('owner', []);
    const { archive } = (await page({}, fresh.access)).body;
    const after = await file({ format: 'ndjson' }, fresh);
    const lines = linesIn(after.text).filter((line) => 'leaf' in line);
    expect(lines.slice(0, before.length)).toEqual(before);
    // Where the page says that something may be missing, nothing that is newer is.
    const times = lines.slice(0, archived).map(({ leaf }) => readLeaf(leaf)?.at ?? Infinity);
    expect(Math.max(...times)).toBeLessThanOrEqual(archive ?? 0);
    const verification = new Verification();
    for (const { seq, leaf } of lines) verification.entry(seq, leaf);
    const heads = linesIn(after.text).flatMap((line) => ('checkpoints' in line ? line.checkpoints : []));
    const keys = linesIn(after.text)
      .flatMap((line) => ('keys' in line ? line.keys : []))
      .flatMap((key) => readVerifierKey(key) ?? []);
    const signed = (await Promise.all(heads.map((note) => readCheckpoint(note, keys)))).filter(
      (head) => head !== undefined,
    );
    expect(signed.length).toBeGreaterThan(2);
    expect(verification.verdict(signed)).toMatchObject({
      findings: [],
      entries: lines.length,
      proved: lines.length,
    });
    expect(await page({ actor: owner.id }, fresh.access)).toMatchObject({ status: 200, body: { archive } });
  }, 60_000);

  it('L13 grows while a file is taken along, which is whole all the same', async () => {
    for (let batch = 0; batch < 15; batch++)
      await ledgerOf(env).append(Array.from({ length: 100 }, () => told(Date.now(), {})));
    const { size } = await ledgerOf(env).checkpoint();
    const seqs: number[] = [];
    const before = await archived();
    for await (const lines of await exported(env)) {
      for (const line of lines) if ('seq' in line) seqs.push(line.seq);
      if (seqs.length > before && (await archived()) === before) await afterYears();
    }
    expect(seqs).toEqual(Array.from({ length: size }, (_, seq) => seq));
    expect(await archived()).toBeGreaterThan(before + 1_000);
  });

  it('L13 takes no bundle from which an entry is missing', async () => {
    for (let batch = 0; batch < 6; batch++)
      await ledgerOf(env).append(Array.from({ length: 100 }, () => told(Date.now(), {})));
    await ledgerOf(env).checkpoint();
    const before = await archived();
    const { sql } = (await env.DB.prepare(
      "SELECT sql FROM sqlite_master WHERE name = 'ledger_keeps_what_is_not_archived'",
    ).first<{ sql: string }>()) ?? { sql: '' };
    await env.DB.prepare('DROP TRIGGER ledger_keeps_what_is_not_archived').run();
    await env.DB.prepare('DELETE FROM ledger WHERE seq = ?')
      .bind(before + 3)
      .run();
    await env.DB.prepare(sql).run();
    await expect(afterYears()).rejects.toThrow(`entry ${before + 3} is missing in the database`);
    expect(await archived()).toBe(before);
  });
});

const archived = async () =>
  (await env.DB.prepare('SELECT before FROM ledger_archive').first<number>('before')) ?? 0;

/** What the writer does when all that is there now is old. */
async function afterYears() {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_000 * 24 * 3_600_000 });
  try {
    await ledgerOf(env).archive();
  } finally {
    vi.useRealTimers();
  }
}

const file = (body: object, { access }: Member) =>
  call('POST', '/api/v1/ledger/export', { token: access, body });
const linesIn = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerLine);
