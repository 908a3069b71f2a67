import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { RestoreView } from '../protocol/restore.ts';
import { run } from './command.ts';
import { ROOT } from './project.ts';

const asked: { method: string; token: string; body: string }[] = [];
let answers: (() => [number, object])[] = [];
const server = createServer((request: IncomingMessage, response) => {
  void text(request).then((body) => {
    asked.push({ method: request.method ?? '', token: request.headers.authorization ?? '', body });
    const [status, said] = answers.shift()?.() ?? [500, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => server.close());

const view = (more: Partial<RestoreView>): [number, object] => [
  200,
  {
    restore: {
      ...{ number: 3, newest: 4, state: 'working', stage: 'conversations', begunAt: 1, overAt: null },
      ...{ wrong: null, counts: { conversations: 5 }, ...more },
    },
  },
];
const restore = (...args: string[]) =>
  run(process.execPath, [join(ROOT, 'src/tools/restore.ts'), '--origin', origin, ...args], {
    timeoutSeconds: 30,
    env: { SETUP_TOKEN: 'a token' },
  });

test('R12 npm run restore begins it with the token from the environment, shows how far it is, and how it ended', async () => {
  answers = [() => view({}), () => view({ state: 'done', stage: null, counts: { conversations: 7 } })];
  const { ok, output } = await restore('--number', '3');
  expect(output).toContain('keys of sites that were taken away since are back');
  expect(output).toContain('conversations: conversations 5');
  expect(output).toContain('Backup 3 is put back, but for what was erased up to backup 4: conversations 7');
  expect(ok).toBe(true);
  expect(asked).toEqual([
    { method: 'POST', token: 'Bearer a token', body: '{"number":3,"newest":null}' },
    { method: 'GET', token: 'Bearer a token', body: '' },
  ]);
});

test('R38 npm run restore says what is lost where the newest backups are passed over, and asks for a number', async () => {
  answers = [() => view({ state: 'done', stage: null, newest: 3, counts: { 'backups passed over': 1 } })];
  const { ok, output } = await restore('--number', '3', '--pass-over');
  expect(output).toContain('Backups behind 3 are passed over, and the next backup clears them away.');
  expect(output).toContain('backups passed over 1');
  expect(ok).toBe(true);
  expect(asked.at(-1)?.body).toBe('{"number":3,"newest":null,"passOver":true}');
  expect(await restore('--pass-over')).toMatchObject({ ok: false });
});

test('R41 npm run restore says that legal holds are to be looked at, where it is not known how they stand', async () => {
  const said = 'does not know whether a legal hold was put or ended';
  answers = [() => view({ state: 'done', stage: null, counts: { 'legal holds to look at': 2 } })];
  const unsure = await restore();
  expect(unsure.output).toContain('legal holds to look at 2');
  expect(unsure.output).toContain(said);
  answers = [() => view({ state: 'done', stage: null })];
  expect((await restore()).output).not.toContain(said);
});

test('R11 npm run restore says what was refused, and fails', async () => {
  answers = [() => [409, { code: 'backup_refused', detail: '00000002/manifest is missing.' }]];
  expect(await restore()).toEqual({
    ok: false,
    output: 'It was refused (backup_refused): 00000002/manifest is missing.\n',
  });
  answers = [() => view({ state: 'failed', wrong: '00000002/000001-a is not what was signed' })];
  expect(await restore()).toMatchObject({
    ok: false,
    output: 'It was not put back: 00000002/000001-a is not what was signed.\n',
  });
});
