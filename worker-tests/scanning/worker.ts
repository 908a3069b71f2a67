/** The product, with a door at which the scanner is asked about whatever comes. It is bundled in the product's place. */
import { scanFile } from '../../src/chat/files/scanner.ts';
import type { Env } from '../../src/config.ts';

export { Account, Conversation, Inbox, Ledger, Runs, Scratch, Watch } from '../../src/worker.ts';

export default {
  async fetch(request, env) {
    const asked = new URL(request.url).searchParams;
    const bytes = Number(asked.get('bytes') ?? request.headers.get('content-length'));
    const patience = Number(asked.get('patience') ?? 60_000);
    const body = (request.body ?? new Blob().stream()) as ReadableStream<Uint8Array>;
    return Response.json(await scanFile(env, { bytes, patience }, body));
  },
} satisfies ExportedHandler<Env>;
