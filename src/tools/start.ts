import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import { parseArgs } from 'node:util';
import { endCommands } from './command.ts';
import { OWNER, STAFF } from './demo/cast.ts';
import { STEP_MS } from './demo/codes.ts';
import { readDemo } from './demo/record.ts';
import { serveShop } from './demo/shop.ts';
import { openDemo, requireSameShop } from './demo.ts';
import { asSaid, Halt } from './halt.ts';
import { WRANGLER } from './project.ts';
import { chosen, describe, describeCodes, describeRestored, Footer } from './start/board.ts';
import { buildBrowser } from './build.ts';
import { homeOf, shown, type Home } from './start/home.ts';
import { endLeftover } from './start/leftover.ts';
import { migrate } from './start/migrate.ts';
import { requireFreePort } from './start/ports.ts';
import { type LocalScanner, startScanner } from './start/scanner.ts';
import { ensureSecrets } from './start/secrets.ts';
import { type Server, startServer } from './start/server.ts';

/** What this run has started and must end. */
const run: { server?: Server; shop?: HttpServer; scanner?: LocalScanner; ending: boolean } = {
  ending: false,
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
process.on('uncaughtException', (error) => void fail(error));
// Nobody listens any more: the terminal was closed, or `npm start | head` has what it wanted.
process.stdout.on('error', () => void end(1));
if (process.env['SOTTO_END_WITH_PARENT'] === '1') endWithParent(process.ppid);
await start().catch(fail);

async function start(): Promise<void> {
  const { values } = parseArgs({ options: { qr: { type: 'string', default: '' } } });
  chosen([...STAFF, OWNER], values.qr);
  if (!existsSync(WRANGLER)) throw new Halt('Sotto is not installed yet: run npm install first.');
  const home = homeOf(process.env);
  mkdirSync(home.folder, { recursive: true, mode: 0o700 });
  if (await endLeftover(home)) console.log('Ended the server of an earlier run that was killed.');
  await requireFreePort(home.port, 'SOTTO_PORT');
  await requireFreePort(home.shopPort, 'SOTTO_SHOP_PORT');
  discardUnfinished(home);

  const secrets = ensureSecrets(home.secrets);
  console.log('Starting Sotto …');
  await Promise.all([buildBrowser(), migrate(home)]);
  // Without one, files can't be scanned, as where a deployment has none.
  const scanner = process.env['SOTTO_SCANNER'] === 'none' ? undefined : await startScanner();
  if (scanner !== undefined) run.scanner = scanner;
  const server = startServer(home, scanner);
  run.server = server;
  await server.ready();
  void server.gone.then(() =>
    fail(new Halt(`The server ended by itself; ${shown(home.log)} holds its last words.`)),
  );
  const demo = await openDemo(home, secrets, server.mailbox);
  if (demo !== undefined) run.shop = await serveShop(home, demo);

  console.log(demo === undefined ? describeRestored(home) : describe(home, demo, scanner, values.qr));
  const footer = new Footer(() => (demo === undefined ? '' : describeCodes(demo, Date.now())));
  footer.draw();
  server.mailbox.onMail(({ to, subject, file }) => footer.say(`Mail to ${to}: ${subject} (${shown(file)})`));
  server.onTrouble((line) => footer.say(line));
  if (process.stdout.isTTY) redrawAtEachStep(footer);
}

/** What a first start had begun when it was ended belongs to nobody yet, so it is begun again. */
function discardUnfinished(home: Home): void {
  const demo = readDemo(home.demo);
  const hasState = existsSync(home.state) && readdirSync(home.state).length > 0;
  if (demo?.complete === true && hasState) {
    requireSameShop(home, demo);
    return;
  }
  if (demo?.complete === true)
    console.log('The data is gone, so the demo is made anew with other passwords.');
  if (demo?.complete === false) rmSync(home.state, { recursive: true, force: true });
  rmSync(home.demo, { force: true });
}

function redrawAtEachStep(footer: Footer): void {
  setTimeout(
    () => {
      footer.draw();
      redrawAtEachStep(footer);
    },
    STEP_MS - (Date.now() % STEP_MS),
  ).unref();
}

/** For tests: whoever started it may be killed without a chance to end it. */
function endWithParent(parent: number): void {
  setInterval(() => {
    if (process.ppid !== parent) void end(1);
  }, 500).unref();
}

async function fail(error: unknown): Promise<void> {
  // A build that is ended on purpose fails too, and nobody needs to read of it.
  if (!run.ending) console.error(asSaid(error));
  await end(1);
}

/** Ends everything that was started, whatever state it is in. */
async function end(code: number): Promise<void> {
  if (run.ending) return;
  run.ending = true;
  await endCommands();
  run.shop?.close();
  run.shop?.closeAllConnections();
  run.scanner?.end();
  await run.server?.end().catch((error: unknown) => console.error(error));
  process.exit(code);
}
