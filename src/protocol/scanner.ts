/**
 * What Sotto and a scanner of files say to each other (docs/SCANNER.md). TLS shows who the scanner's host is; that both
 * are who they say shows a secret that they share, with which each question and each answer is signed (RFC 7515, HS256),
 * as a kind of its own. Verification answers `undefined` for whatever is not a good token of that very kind.
 */
import { jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';

const kinds = {
  question: { typ: 'scan-question+jwt', issuer: 'sotto', audience: 'sotto:scanner' },
  answer: { typ: 'scan-answer+jwt', issuer: 'sotto:scanner', audience: 'sotto' },
} as const;

/** For how long a question can be asked, and how far apart the two clocks may be, in seconds. */
const lifetime = 60;
const leeway = 30;
/** What is shown of a signature's or an engine's name, in characters. */
const shownLength = 100;

const questionSchema = v.object({
  jti: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  exp: v.number(),
  bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** Why a scanner could not look into a file: as that is, or because its `engine` did not do its work. */
const troubles = ['encrypted', 'too_large', 'too_complex', 'engine'] as const;
export type ScanTrouble = (typeof troubles)[number];

/** Names come from whoever wrote a signature, and are shown to people. */
const shown = v.pipe(
  v.string(),
  v.transform((name) => name.replaceAll(/[^\w .:/()+-]/g, '_').slice(0, shownLength)),
);

const verdictSchema = v.variant('verdict', [
  v.object({ verdict: v.literal('clean') }),
  v.object({ verdict: v.literal('infected'), name: shown }),
  v.object({ verdict: v.literal('failed'), why: v.fallback(v.picklist(troubles), 'engine') }),
]);

/** `signatures`: when those were made that it knows, in Unix seconds; null: it can't say. */
const engineSchema = v.object({ engine: shown, signatures: v.nullable(v.pipe(v.number(), v.safeInteger())) });

/** `question`: the `jti` of what was asked. `sha256`: of the bytes that the scanner got, in base64url. */
const answerSchema = v.intersect([
  v.object({ question: v.string(), sha256: v.string() }),
  engineSchema,
  verdictSchema,
]);

export type Question = v.InferOutput<typeof questionSchema>;
export type ScanVerdict = v.InferOutput<typeof verdictSchema>;
export type ScanEngine = v.InferOutput<typeof engineSchema>;
export type ScanAnswer = v.InferOutput<typeof answerSchema>;

export async function signQuestion(
  secret: string,
  bytes: number,
  now: number,
): Promise<{ jti: string; token: string }> {
  const jti = crypto.randomUUID();
  const issuedAt = Math.floor(now / 1000);
  const claims = { jti, bytes, iat: issuedAt, exp: issuedAt + lifetime };
  return { jti, token: await sign('question', secret, claims) };
}

export async function verifyQuestion(
  secret: string,
  token: string,
  now: number,
): Promise<Question | undefined> {
  const claims = await verify('question', secret, token, now);
  const question = v.safeParse(questionSchema, claims);
  // Whoever remembers a question until it runs out must not have to for longer than one is made for.
  const ahead = now / 1000 + lifetime + leeway;
  return question.success && question.output.exp <= ahead ? question.output : undefined;
}

/** Until when a question may still be asked, in milliseconds. */
export function goodUntil({ exp }: Question): number {
  return (exp + leeway) * 1000;
}

/** It has no time of its own: what it answers was never asked before. */
export function signAnswer(secret: string, answer: ScanAnswer): Promise<string> {
  return sign('answer', secret, answer);
}

export async function verifyAnswer(secret: string, token: string): Promise<ScanAnswer | undefined> {
  const answer = v.safeParse(answerSchema, await verify('answer', secret, token, Date.now()));
  return answer.success ? answer.output : undefined;
}

function sign(kind: keyof typeof kinds, secret: string, claims: Record<string, unknown>): Promise<string> {
  const { typ, issuer, audience } = kinds[kind];
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ })
    .setIssuer(issuer)
    .setAudience(audience)
    .sign(keyOf(secret));
}

async function verify(
  kind: keyof typeof kinds,
  secret: string,
  token: string,
  now: number,
): Promise<Record<string, unknown> | undefined> {
  const { typ, issuer, audience } = kinds[kind];
  try {
    const { payload } = await jwtVerify(token, keyOf(secret), {
      algorithms: ['HS256'],
      ...{ typ, issuer, audience, clockTolerance: leeway, currentDate: new Date(now) },
    });
    return payload;
  } catch {
    return undefined;
  }
}

/** The secret's own characters, as they stand. */
function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
