/**
 * Asking the scanner about a file (docs/SCANNER.md). A file is clean only if the scanner says so, of these very bytes
 * and in answer to this very question; whatever else comes, or does not come, is that it could not be scanned.
 */
import { createHash } from 'node:crypto';
import { type Config, configOf, type Env } from '../../config.ts';
import { logFault } from '../../log.ts';
import { limits } from '../../protocol/limits.ts';
import { type ScanAnswer, type ScanTrouble, signQuestion, verifyAnswer } from '../../protocol/scanner.ts';

/** Longer than an upload of the longest file and its scan take, in milliseconds. */
const longest = 180_000;

/**
 * Why a file could not be scanned: `no_scanner` where none is set; `source` where its bytes could not be read, or were
 * not as many as said. What the scanner says of the file itself (`encrypted`, `too_large`, `too_complex`) stays so; all
 * else may pass.
 */
export type ScanFailure =
  ScanTrouble | 'no_scanner' | 'unreachable' | 'timeout' | 'refused' | 'bad_answer' | 'source';

/** `signaturesAt`: when the scanner's signatures were made, in Unix milliseconds; null: it can't say. */
type By = { engine: string; signaturesAt: number | null };
export type Scanned =
  | ({ verdict: 'clean' } & By)
  | ({ verdict: 'infected'; name: string } & By)
  | { verdict: 'failed'; why: ScanFailure };

class Unscanned extends Error {
  readonly why: ScanFailure;

  constructor(why: ScanFailure) {
    super(why);
    this.why = why;
  }
}

/** Reads `body`, which is so many `bytes`, to its end or cancels it. It ends within `patience` milliseconds. */
export async function scanFile(
  env: Env,
  { bytes, patience = longest }: { bytes: number; patience?: number },
  body: ReadableStream<Uint8Array>,
): Promise<Scanned> {
  const { scanner } = configOf(env);
  if (scanner === null) {
    await body.cancel();
    return { verdict: 'failed', why: 'no_scanner' };
  }
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(new Unscanned('timeout')), patience);
  const ended = new Promise<never>((_, fail) => {
    end.signal.addEventListener('abort', () => fail(end.signal.reason as Unscanned));
  });
  try {
    // Nothing that hangs, a body that does not come or a connection that stays open, is waited for beyond that.
    return outcomeOf(await Promise.race([ended, ask(scanner, bytes, body, end)]));
  } catch (error) {
    const cause: unknown = end.signal.aborted ? end.signal.reason : error;
    const why = cause instanceof Unscanned ? cause.why : 'unreachable';
    logFault(`scanner.${why}`, error);
    return { verdict: 'failed', why };
  } finally {
    clearTimeout(timer);
    end.abort();
  }
}

async function ask(
  { url, secret }: NonNullable<Config['scanner']>,
  bytes: number,
  body: ReadableStream<Uint8Array>,
  end: AbortController,
): Promise<ScanAnswer> {
  const { jti, token } = await signQuestion(secret, bytes, Date.now());
  const { readable, writable } = new FixedLengthStream(bytes);
  const passed = passOn(body, bytes, writable, end);
  // Where nobody waits for it any more, what went wrong is said by somebody else.
  passed.catch(() => undefined);
  const response = await fetch(`${url}/scan`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: readable,
    // Nobody is followed elsewhere: the file is for this address alone.
    redirect: 'manual',
    signal: end.signal,
  });
  if (response.status !== 200 || response.headers.get('content-type') !== 'application/jwt')
    throw new Unscanned('refused');
  const answer = await verifyAnswer(secret, await tokenIn(response));
  if (answer?.question !== jti || answer.sha256 !== (await passed)) throw new Unscanned('bad_answer');
  return answer;
}

/** Passes the bytes on as they come. @returns their SHA-256 in base64url, once all are taken */
async function passOn(
  body: ReadableStream<Uint8Array>,
  bytes: number,
  to: WritableStream<Uint8Array>,
  end: AbortController,
): Promise<string> {
  const hash = createHash('sha256');
  const reader = body.getReader();
  const writer = to.getWriter();
  end.signal.addEventListener('abort', () => {
    reader.cancel().catch(() => undefined);
    writer.abort().catch(() => undefined);
  });
  const next = () =>
    reader.read().catch((error: unknown) => {
      end.abort(new Unscanned('source'));
      throw error;
    });
  let passed = 0;
  for (let chunk = await next(); !chunk.done; chunk = await next()) {
    passed += chunk.value.byteLength;
    if (passed > bytes) break;
    hash.update(chunk.value);
    await writer.write(chunk.value);
  }
  if (passed !== bytes) end.abort(new Unscanned('source'));
  await writer.close();
  return hash.digest('base64url');
}

/** Whoever answers at that address may send what they like: no more is read than the longest token. */
async function tokenIn(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let token = '';
  const body: ReadableStream<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    token += decoder.decode(chunk, { stream: true });
    if (token.length > limits.tokenLength) throw new Unscanned('bad_answer');
  }
  return token;
}

function outcomeOf(answer: ScanAnswer): Scanned {
  if (answer.verdict === 'failed') {
    if (answer.why === 'engine') logFault('scanner.engine', undefined);
    return { verdict: 'failed', why: answer.why };
  }
  const { engine, signatures } = answer;
  const by = { engine, signaturesAt: signatures === null ? null : signatures * 1000 };
  if (answer.verdict === 'clean') return { verdict: 'clean', ...by };
  return { verdict: 'infected', name: answer.name, ...by };
}
