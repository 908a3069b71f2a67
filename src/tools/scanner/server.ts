/** The scanner that Sotto asks (docs/SCANNER.md): it answers whoever has the secret, and asks clamd. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
  goodUntil,
  type Question,
  type ScanAnswer,
  type ScanEngine,
  signAnswer,
  verifyQuestion,
} from '../../protocol/scanner.ts';
import type { Clamd } from './clamd.ts';

/** Signatures come every day; those that are older than this have ceased to come, in milliseconds. */
const oldestSignatures = 3 * 86_400_000;
/** However often its health is asked for, clamd is asked once in so many milliseconds. */
const healthEvery = 1_000;

/** What this scanner does not do; `status` is all that whoever asked is told. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, why: string) {
    super(why);
    this.status = status;
  }
}

/** `say` hears in a sentence what did not go as it should. */
export function scannerOf(secret: string, clamd: Clamd, say: (fault: string) => void): RequestListener {
  const questions = new Questions();
  const health = new Health(clamd);
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/scan' && request.method === 'POST')
      return scan(request, response, secret, clamd, questions);
    if (request.url === '/health' && request.method === 'GET') return tellHealth(response, health);
    throw new Refused(404, 'there is no such address');
  };
  return (request, response) => {
    Promise.try(answer, request, response).catch((error: unknown) => {
      const { status, message } = error instanceof Refused ? error : new Refused(500, String(error));
      say(`${request.method ?? ''} refused with ${status}: ${message}`);
      // The rest of what is being sent is not waited for.
      response.writeHead(status, { connection: 'close' }).end();
    });
  };
}

async function scan(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  clamd: Clamd,
  questions: Questions,
): Promise<void> {
  const now = Date.now();
  const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
  const question = await verifyQuestion(secret, token, now);
  if (question === undefined) throw new Refused(401, 'no question of Sotto’s');
  if (!questions.isNew(question, now)) throw new Refused(401, 'a question that was asked before');
  if (request.headers['content-length'] !== String(question.bytes))
    throw new Refused(400, 'not as many bytes as the question says');

  const hash = createHash('sha256');
  const hashed = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      yield chunk;
    }
  };
  const engine = await clamd.engine().catch(() => ({ engine: 'unknown', signatures: null }));
  const verdict = await clamd.scan(hashed());
  const answer: ScanAnswer = {
    question: question.jti,
    sha256: hash.digest('base64url'),
    ...engine,
    ...verdict,
  };
  response.setHeader('content-type', 'application/jwt').end(await signAnswer(secret, answer));
}

/** Each is answered once, so that nobody who has overheard one can have the scanner work. */
class Questions {
  readonly #asked = new Map<string, number>();

  isNew(question: Question, now: number): boolean {
    for (const [jti, until] of this.#asked) if (until < now) this.#asked.delete(jti);
    if (this.#asked.has(question.jti)) return false;
    this.#asked.set(question.jti, goodUntil(question));
    return true;
  }
}

class Health {
  readonly #clamd: Clamd;
  #askedAt = -Infinity;
  #failing: Promise<string[]> = Promise.resolve([]);

  constructor(clamd: Clamd) {
    this.#clamd = clamd;
  }

  /** `engine`: clamd does not answer. `signatures`: they are old, or it does not say how old. */
  failing(now: number): Promise<string[]> {
    if (now - this.#askedAt >= healthEvery) {
      this.#askedAt = now;
      this.#failing = this.#clamd.engine().then(
        (engine) => (isOld(engine, now) ? ['signatures'] : []),
        () => ['engine'],
      );
    }
    return this.#failing;
  }
}

function isOld({ signatures }: ScanEngine, now: number): boolean {
  return signatures === null || now - signatures * 1000 > oldestSignatures;
}

async function tellHealth(response: ServerResponse, health: Health): Promise<void> {
  const failing = await health.failing(Date.now());
  response
    .writeHead(failing.length === 0 ? 200 : 503, { 'content-type': 'application/json' })
    .end(JSON.stringify({ ready: failing.length === 0, failing }));
}
