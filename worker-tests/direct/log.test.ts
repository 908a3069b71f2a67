/** All that the real runtime writes while people do what they do, and while things fail, is looked through. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleInto } from '../../src/tools/bundle.ts';
import { unhurried } from '../../src/tools/engine/company.ts';
import { optionsFor } from '../../src/tools/engine/options.ts';
import { migrate, runWorkerd } from '../../src/tools/engine/workerd.ts';
import { ROOT } from '../../src/tools/project.ts';
import { Mailbox } from '../../src/tools/start/mail.ts';
import { everythingHappens } from './journeys.ts';
import { Overheard } from './overheard.ts';

type Line = Record<string, unknown>;

const folder = mkdtempSync(path.join(tmpdir(), 'sotto-log-'));
const output = path.join(folder, 'output');
const overheard = new Overheard();
/** What was written, line by line: ours, and what the runtime itself says. */
let own: Line[];
let written: string[];

beforeAll(async () => {
  const mail = path.join(folder, 'mail');
  const mailbox = new Mailbox(mail);
  mailbox.onMail(({ to, text }) => overheard.hear([to, ...(text.match(/[\w.-]{40,}|\b\d{6}\b/g) ?? [])]));
  const settings = unhurried();
  const { KEYRING, SETUP_TOKEN } = settings.bindings;
  overheard.hear([KEYRING, SETUP_TOKEN]);
  // The Worker with a door at which faults are ordered.
  const code = await bundleInto(folder, undefined, path.join(ROOT, 'src/tools/chaos/worker/worker.ts'));
  listenToRuntime();
  // Verbose: what an object throws, which Cloudflare keeps too, is written then.
  const options = {
    ...optionsFor({ code, ...settings }),
    verbose: true,
    handleStructuredLogs: () => undefined,
  };
  const workerd = await runWorkerd(options, (line) => mailbox.hear(line));
  overheard.begin();
  try {
    await migrate(await workerd.database());
    await everythingHappens({ url: workerd.url, mail, mailbox, overheard }, SETUP_TOKEN);
  } finally {
    overheard.end();
    await workerd.stop();
  }
  written = readFileSync(output, 'utf8').split('\n').filter(Boolean).map(said);
  own = written.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Each byte that the runtime writes, on its way to whoever has started it, goes to a file as well. */
function listenToRuntime(): void {
  const script = path.join(folder, 'listened');
  const runtime = path.join(ROOT, 'node_modules/workerd/bin/workerd');
  const also = `tee -a '${output}'`;
  writeFileSync(output, '');
  writeFileSync(script, `#!/usr/bin/env bash\nexec '${runtime}' "$@" > >(${also}) 2> >(${also} >&2)\n`);
  chmodSync(script, 0o700);
  process.env['MINIFLARE_WORKERD_PATH'] = script;
}

/** The runtime wraps what the Worker logs, and what it says itself, into an object of its own. */
function said(line: string): string {
  try {
    return (JSON.parse(line) as { message: string }).message;
  } catch {
    return line;
  }
}

/** What looks like somebody's, whoever's it is. */
const shapes = {
  'what people type': /marked/i,
  'a token': /eyJ/,
  'a mail address': /[\w.+-]+@[\w-]+\.[a-z]/,
  'a network address': /\b\d{1,3}(?:\.\d{1,3}){3}\b/,
  'an id': /\b[a-z]{3}_[\w-]{22}/,
  'a cookie': /__Host-/,
};

/** What is random, or counts time, could hold six digits by chance. */
const chance =
  /"request":"[0-9a-f-]{36}"|"at":"[^"]*"|workerd@[0-9a-f]+|\b[0-9a-f]{64}\b|(?<![\w.-])\d+\.\d+s\b/g;

function findings(lines: readonly string[]): string[] {
  const text = lines.join('\n').replaceAll(chance, '').replaceAll(folder, '');
  return [
    ...Object.entries(shapes).flatMap(([name, shape]) => (shape.test(text) ? [name] : [])),
    ...overheard.secrets.filter((secret) => text.includes(secret)),
  ];
}

describe('O3 the log of people who do what they do, and of things that fail', () => {
  it('tells of each request and each fault, each in one of the two shapes and in nothing else', () => {
    const uuid = expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as unknown;
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/) as unknown;
    const [text, number] = [expect.any(String) as unknown, expect.any(Number) as unknown];
    const shapeOf = (line: Line) =>
      line['kind'] === 'fault'
        ? {
            ...{ kind: 'fault', at, fault: text, error: text },
            request: line['request'] === null ? null : uuid,
            object: line['object'] === null ? null : text,
          }
        : {
            ...{ kind: 'request', at, request: uuid, door: text, status: number, ms: number },
            code: line['code'] === null ? null : text,
          };
    for (const line of own) expect(line).toEqual(shapeOf(line));
    const told = own.map(({ door, status, code, object, fault }) => [door ?? object, status ?? fault, code]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['POST /setup', 201, null],
        ['POST /sign-in', 401, 'wrong_credentials'],
        ['POST /sign-in/totp', 401, 'wrong_code'],
        ['POST /invitations/redeem', 200, null],
        ['POST /resets/redeem', 200, null],
        ['POST /sites/:site/visitor', 403, 'vouch_refused'],
        ['POST /sites/:site/visitor/proof', 200, null],
        ['POST /conversations', 201, null],
        ['GET /conversations/:id/socket', 101, null],
        ['POST /teams', 400, 'malformed'],
        ['POST /teams', 413, 'too_large'],
        ['PATCH /conversations/:id/customer', 503, 'unavailable'],
        ['PUT /conversations/:id/tags', 500, 'internal'],
        [null, 'request', undefined],
        ['Account', 'object', undefined],
        ['Conversation', 'object', undefined],
        ['Conversation', 'conversation.post', undefined],
        ['Ledger', 'object', undefined],
      ]),
    );
  });

  it('holds nothing that anybody said, has or is, nor does what the runtime writes beside it', () => {
    expect(overheard.secrets.length).toBeGreaterThan(150);
    expect(findings(written)).toEqual([]);
  });

  it('is looked through by what finds each of them', () => {
    const planted = [
      ...['a Marked word', 'eyJhbGciOiJ', 'olivia@example.com', '203.0.113.9', `per_${'a'.repeat(22)}`],
      '__Host-sotto-staff=1',
    ];
    expect(planted.map((each) => findings([each])[0])).toEqual(Object.keys(shapes));
    // A refresh token ends with its generation and its secret, which may look like a time.
    for (const secret of ['per_a.ses_b.0.7sQ', 'per_a.ses_b.0.7s']) expect(secret).not.toMatch(chance);
    for (const secret of overheard.secrets) expect(findings([`a line with ${secret}.`])).toContain(secret);
  });
});
