import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { asvsLeftOut, type Control, standards, standingOf } from '../protocol/controls.ts';
import { checkGroups } from '../protocol/checks.ts';
import { hashOf, reportNoteText, signedJson } from '../protocol/checks-report.ts';
import { signNote } from '../protocol/ledger-proof.ts';
import { ledgerActions } from '../protocol/ledger.ts';
import { run } from './command.ts';
import { doors, limited } from './deployed/doors.ts';
import { headers } from './deployed/headers.ts';
import { kept } from './deployed/kept.ts';
import { mail } from './deployed/mail.ts';
import { transport } from './deployed/transport.ts';
import { type Pack, packOf, readChecks, readOutside, sha256 } from './evidence/pack.ts';
import { pageOf } from './evidence/page.ts';
import { ROOT } from './project.ts';
import { rulesHere, testFiles } from './rules.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'sotto-evidence-'));
afterAll(() => rmSync(folder, { recursive: true }));

const mapped = Object.values(standards).flatMap(({ controls }) => controls ?? []);
const checks = [...transport, ...headers, ...kept, ...doors, ...mail, ...limited];

describe('A37 what is said to show a control', () => {
  const unknown = (named: (control: Control) => readonly string[], known: readonly string[]) =>
    mapped.flatMap((control) =>
      named(control)
        .filter((each) => !known.includes(each))
        .map((each) => `${control.id}: ${each}`),
    );

  test('is there: each rule, test file, entry of the ledger and check', () => {
    expect(
      unknown(
        ({ rules }) => rules,
        rulesHere().map(({ id }) => id),
      ),
    ).toEqual([]);
    expect(unknown(({ tests }) => tests, testFiles())).toEqual([]);
    expect(unknown(({ actions }) => actions, ledgerActions)).toEqual([]);
    expect(
      unknown(
        ({ outside }) => outside,
        checks.map(({ id }) => id),
      ),
    ).toEqual([]);
  });

  test('and each document', () => {
    expect(
      mapped.flatMap(({ documents }) => documents).filter((path) => !existsSync(join(ROOT, path))),
    ).toEqual([]);
  });

  test('every control stands there once, and every requirement of ASVS, or why it is left out', () => {
    for (const { controls } of Object.values(standards)) {
      const ids = controls?.map(({ id }) => id) ?? [];
      expect(new Set(ids).size).toBe(ids.length);
    }
    const left = asvsLeftOut.flatMap(({ ids }) => ids);
    const all = [...(standards.asvs.controls?.map(({ id }) => id) ?? []), ...left];
    expect(new Set(all).size).toBe(345);
    expect(all).toHaveLength(345);
  });

  test('what nothing shows, or of which something is missing, is open', () => {
    const bare: Control = {
      id: 'x',
      title: 'x',
      rules: [],
      tests: [],
      documents: [],
      actions: [],
      outside: [],
      open: undefined,
    };
    expect(standingOf(bare)).toBe('open');
    // That something is entered in the ledger shows nothing by itself.
    expect(standingOf({ ...bare, actions: ['setup'] })).toBe('open');
    expect(standingOf({ ...bare, rules: ['W1'], open: 'half of it' })).toBe('open');
    expect(standingOf({ ...bare, documents: ['README.md'] })).toBe('written');
    expect(standingOf({ ...bare, documents: ['README.md'], outside: ['hsts'] })).toBe('checked');
    expect(standingOf({ ...bare, outside: ['hsts'], tests: ['a.test.ts'] })).toBe('tested');
  });
});

describe('A38 the pack for an auditor', () => {
  const about = { version: '1', commit: null, made: '2026-11-28T00:00:00.000Z', reports: [] };
  const report = (outcome: string) =>
    JSON.stringify({
      format: 'sotto.outside.v1',
      ...{ origin: 'https://chat.example.com', at: '2026-11-28T00:00:00.000Z' },
      checks: [{ id: 'hsts', outcome }],
    });
  const controlIn = ({ standards }: Pack, wanted: string) =>
    standards
      .flatMap(({ controls }) => (typeof controls === 'string' ? [] : controls))
      .find(({ id }) => id === wanted);

  test('npm run evidence writes controls, rules with their tests, documents, packages and reports, and the hash of each', async () => {
    const [outside, signed] = [join(folder, 'outside.json'), join(folder, 'checks.json')];
    writeFileSync(outside, report('passed'));
    writeFileSync(signed, 'as it is signed');
    const pack = join(folder, 'pack');
    const args = [join(ROOT, 'src/tools/evidence.ts'), pack, '--outside', outside, '--report', signed];
    expect(await run(process.execPath, args, { timeoutSeconds: 60 })).toMatchObject({ ok: true });
    const read = (path: string) => readFileSync(join(pack, path), 'utf8');
    const hashes = Object.entries(JSON.parse(read('manifest.json')) as Record<string, string>);
    for (const [path, hash] of hashes) expect([path, sha256(read(path))]).toEqual([path, hash]);
    expect(hashes.map(([path]) => path)).toEqual(
      expect.arrayContaining([
        'index.html',
        'controls.json',
        'sbom.cdx.json',
        'docs/RULES.md',
        'docs/LICENCES.md',
        'reports/checks.json',
      ]),
    );
    expect(read('reports/checks.json')).toBe('as it is signed');
    const written = JSON.parse(read('controls.json')) as Pack;
    expect(controlIn(written, 'V9.1.1')?.tests).toContain('worker-tests/people/tokens.test.ts');
    expect(controlIn(written, 'V3.4.1')?.outcomes).toContainEqual({ id: 'hsts', outcome: 'passed' });
    expect(written.rules.find(({ id }) => id === 'C1')?.tests).not.toEqual([]);
    expect(await run(process.execPath, args, { timeoutSeconds: 60 })).toMatchObject({
      ok: false,
      output: `${pack} is not empty.\n`,
    });
  });

  test('a check of which the report has nothing was not run, and no standard that nobody mapped is met', () => {
    const pack = packOf(about, { outside: readOutside(report('failed')) });
    expect(controlIn(pack, 'V12.1.1')?.outcomes).toEqual([
      { id: 'tls-old', outcome: 'not run' },
      { id: 'tls-new', outcome: 'not run' },
    ]);
    expect(
      pack.standards.filter(({ controls }) => controls === 'not mapped yet').map(({ id }) => id),
    ).toEqual(['soc2', 'iso27001']);
    expect(() => readOutside('{"format":"other"}')).toThrow(/^--outside is no report/);
  });

  test('what a deployment’s own checks answer stands beside the controls that they name, as they stand, if its key signed it', async () => {
    const check = (id: string, standing: string, answers: object) => ({
      ...{ id, group: Object.keys(checkGroups)[0], title: id, measures: id, why: id, answers },
      ...{ outcome: standing === 'accepted' ? 'failed' : standing, standing, looked: null, words: id },
      ...{ found: {}, exception: null },
    });
    const [looked, made] = ['2026-11-28T03:17:00.000Z', '2026-11-28T09:00:00.000Z'];
    const text = JSON.stringify({
      ...{ format: 'sotto-checks/1', from: 'chat.example.com', run: 'checks-1', looked, made },
      counts: { passed: 1, accepted: 1, failed: 0, 'not-run': 1 },
      standards: {},
      checks: [
        check('second-factors', 'passed', { asvs: ['6.3.3'], hipaa: ['164.312(d)'], csf: ['PR.AA-03'] }),
        check('sessions', 'accepted', { gdpr: ['Art. 32(1)(b)'], asvs: ['7.3.1'] }),
        check('backups', 'not-run', { hipaa: ['164.310(d)(1)(iv)'] }),
      ],
    });
    const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as {
      publicKey: Awaited<ReturnType<typeof crypto.subtle.importKey>>;
      privateKey: Awaited<ReturnType<typeof crypto.subtle.importKey>>;
    };
    const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    const key = { name: 'chat.example.com/ledger', publicKey };
    const note = reportNoteText({
      ...{
        from: 'chat.example.com',
        run: 'checks-1',
        format: 'json',
        sha256: await hashOf(text),
        looked,
        made,
      },
      ...{ passed: '1', accepted: '1', failed: '0', 'not-run': '1' },
    });
    const sign = (bytes: Uint8Array<ArrayBuffer>) => crypto.subtle.sign('Ed25519', pair.privateKey, bytes);
    const file = signedJson(text, await signNote(note, key, sign));
    const checks = await readChecks(file, [key]);
    const pack = packOf(about, { checks });
    expect(controlIn(pack, 'V6.3.3')?.outcomes).toEqual([{ id: 'second-factors', outcome: 'passed' }]);
    expect(controlIn(pack, '164.312(d)')?.outcomes).toEqual([{ id: 'second-factors', outcome: 'passed' }]);
    expect(controlIn(pack, 'Art. 32(1)(b)')?.outcomes).toEqual([{ id: 'sessions', outcome: 'accepted' }]);
    expect(controlIn(pack, '164.310(d)(1)')?.outcomes).toEqual([{ id: 'backups', outcome: 'not-run' }]);
    expect(controlIn(pack, 'V6.3.1')?.outcomes).toEqual([]);
    const changed = file.replace('"standing":"not-run"', '"standing":"passed"');
    for (const [given, keys] of [
      ['{"report":{}}', [key]],
      [changed, [key]],
      [file.replace('"report":', '"report":{},"report":'), [key]],
      [file, []],
    ] as const)
      await expect(readChecks(given, keys)).rejects.toThrow(/^--checks is no report/);
  });

  test('its page runs nothing, loads nothing, and shows as text whatever was written', async () => {
    const made = packOf({ ...about, reports: ['reports/<script>alert(1)</script>'] }, {});
    const page = await pageOf(made);
    expect(page).not.toMatch(/<script|javascript:|\bsrc=|\bon\w+=/);
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('SOC 2');
    // Each rule that a control names leads to what it promises.
    const anchors = new Set([...page.matchAll(/<tr id="([A-Z]\d+)"/g)].map(([, id]) => id));
    expect([...page.matchAll(/href="#([A-Z]\d+)"/g)].filter(([, id]) => !anchors.has(id))).toEqual([]);
  });
});
