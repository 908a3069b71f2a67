/** The scanner of files beside ClamAV, as docs/SCANNER.md says. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { orHalt } from './halt.ts';
import { Clamd } from './scanner/clamd.ts';
import { scannerOf } from './scanner/server.ts';
import { scannerSettings } from './scanner/settings.ts';

await orHalt(async () => {
  const { secret, clamd, host, port, tls } = scannerSettings(process.env);
  const say = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
  const client = new Clamd(clamd);
  const listener = scannerOf(secret, client, say);
  const server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, listener);
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(port, host, listening);
  });
  say(`listens at ${tls === undefined ? 'http' : 'https'}://${host}:${port}`);
  say(
    await client.engine().then(
      ({ engine }) => `${engine} answers`,
      () => 'clamd does not answer yet',
    ),
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());
});
