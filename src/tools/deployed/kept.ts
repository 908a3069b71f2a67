/** What lies behind the doors, as far as a stranger can see: whether all of it answers, cookies, the ledger's head, and whom to tell of holes. */
import { newId } from '../../protocol/ids.ts';
import {
  Edge,
  hashBytes,
  readCheckpoint,
  readVerifierKey,
  toBase64,
  tilePath,
  tileWidth,
} from '../../protocol/ledger-proof.ts';
import { type Check, failed, judged, notRun } from './check.ts';
import { ask, post, type Target } from './target.ts';

const FRESH_SECONDS = 60;
const YEAR_MS = 366 * 86_400_000;

export const kept: Check[] = [
  {
    id: 'ready',
    what: 'Sotto runs, and all that it stands on answers.',
    why: 'What is not there can’t be guarded by it.',
    standards: ['NIST CSF 2.0 DE.CM-09', 'HIPAA 164.308(a)(7)'],
    fix: 'docs/OPERATING.md says what each part is; the log says why it does not answer.',
    look: async (target) => {
      const running = await ask(target, '/healthz');
      const { status, body } = await ask(target, '/readyz');
      const parts = /"failing":\[([^\]]*)\]/.exec(body)?.[1];
      return judged(
        [
          ...(running.status === 200 ? [] : [`/healthz answers ${running.status}`]),
          ...(status === 200 && body.includes('"ready":true')
            ? []
            : [`/readyz answers ${status}: ${parts ?? ''}`]),
        ],
        'all parts answer',
      );
    },
  },
  {
    id: 'checkpoint',
    what: 'The ledger’s signed head is published, fresh, and signed by a key that is published.',
    why: 'Whoever keeps one can prove that nothing before it was removed; a head that nobody can have proves nothing.',
    standards: ['ASVS V16.4.2', 'ASVS V16.4.3', 'HIPAA 164.312(b)'],
    fix: 'See whether /readyz names the ledger, and let nothing in front keep /ledger/checkpoint for longer than it says.',
    look: async (target) => {
      const { head, flaws, ageSeconds } = await headOf(target);
      if (head !== undefined && head.origin !== `${new URL(target.origin).host}/ledger`)
        flaws.push(`it is the head of ${head.origin}`);
      if (ageSeconds > FRESH_SECONDS) flaws.push(`it is ${ageSeconds} seconds old`);
      return judged(
        flaws,
        `${head?.size ?? 0} entries, root ${head === undefined ? '' : toBase64(head.root)}`,
      );
    },
  },
  {
    id: 'ledger-tree',
    what: 'The ledger’s published tiles come to the root that was signed.',
    why: 'A head and a tree that differ are two histories.',
    standards: ['ASVS V16.4.2', 'C2SP tlog-tiles'],
    fix: 'Verify all of it: take the ledger along in the dashboard, and npm run ledger:verify.',
    look: async (target) => {
      const { head, flaws } = await headOf(target);
      if (head === undefined) return judged(flaws, '');
      const edge = [];
      for (let level = 0; tileWidth ** level <= head.size; level++) {
        const index = Math.floor(head.size / tileWidth ** (level + 1));
        const width = Math.floor(head.size / tileWidth ** level) % tileWidth;
        const { status, bytes } =
          width === 0 ? noTile : await ask(target, `/ledger/${tilePath(level, index, width)}`);
        if (status === 429) return notRun('this network has asked too often just now: wait a minute');
        if (status !== 200 || bytes.length !== width * hashBytes)
          return failed(`tile ${index} of level ${level} answers ${status}`);
        edge.push({ level, index, hashes: new Uint8Array(bytes) });
      }
      const root = toBase64(new Edge(head.size, edge).root());
      return judged(
        root === toBase64(head.root) ? [] : [`they come to ${root}`],
        `${edge.length} tiles come to it`,
      );
    },
  },
  {
    id: 'cookies',
    what: 'Every cookie is Secure, HttpOnly, of this host alone, and sent to no other site.',
    why: 'What a script can read, or another site can have sent, is not a secret.',
    standards: ['ASVS V3.3.1', 'ASVS V3.3.2', 'ASVS V3.3.3', 'ASVS V3.3.4', 'ASVS V3.3.5'],
    fix: 'Look for what sets or changes cookies on the way (Cloudflare: Bot Fight Mode, Load Balancing, Waiting Room).',
    look: async (target) => {
      await endOfNoSession(target);
      if (target.site !== undefined) await post(target, `/api/v1/sites/${target.site}/visitor`, {});
      const seen = [...target.cookies];
      if (seen.length === 0) return notRun('no cookie was set');
      const flaws = seen.flatMap(([where, cookie]) =>
        flawsOfCookie(cookie).map((flaw) => `${where}: ${flaw}`),
      );
      return judged(flaws, `${seen.length} seen`);
    },
  },
  {
    id: 'security-txt',
    what: 'Whoever finds a hole is told whom to write to.',
    why: 'Else they tell nobody, or everybody.',
    standards: ['RFC 9116', 'NIST CSF 2.0 ID.RA-08'],
    fix: 'Set SECURITY_CONTACT in wrangler.toml to a mailto: or https: address, and deploy.',
    look: async (target) => {
      const { status, headers, body } = await ask(target, '/.well-known/security.txt');
      if (status !== 200) return failed(`/.well-known/security.txt answers ${status}`);
      const expires = Date.parse(/^Expires: (.+)$/m.exec(body)?.[1] ?? '');
      const isOver = !(expires > Date.now() && expires < Date.now() + YEAR_MS);
      const flaws = [
        ...(headers['content-type']?.startsWith('text/plain') === true ? [] : ['it is not plain text']),
        ...(/^Contact: (?:mailto:|https:|tel:)\S+$/m.test(body) ? [] : ['it names no contact']),
        ...(isOver ? ['it is over, or says for no good time how long it holds'] : []),
      ];
      return judged(flaws, /^Contact: (.+)$/m.exec(body)?.[1] ?? '');
    },
  },
];

const noTile = { status: 200, bytes: Buffer.alloc(0) };

/** The signed head as anybody has it. */
async function headOf(target: Target) {
  const [keys, note] = [await ask(target, '/ledger/keys'), await ask(target, '/ledger/checkpoint')];
  const known = keys.body.split('\n').flatMap((line) => readVerifierKey(line) ?? []);
  const head = await readCheckpoint(note.body, known);
  const date = Date.parse(note.headers.date ?? '');
  const sinceMade = Number.isNaN(date) ? 0 : Math.round((Date.now() - date) / 1000);
  const flaws = [
    ...(known.length > 0 ? [] : [`/ledger/keys answers ${keys.status} and names no key`]),
    ...(head === undefined
      ? [`/ledger/checkpoint answers ${note.status}, and nothing that a published key has signed`]
      : []),
  ];
  return { head, flaws, ageSeconds: Math.max(sinceMade, Number(note.headers.age ?? 0)) };
}

/** Somebody who was never signed in asks to stay so, and is told to drop what they hold: the one cookie without an account. */
async function endOfNoSession(target: Target): Promise<void> {
  const token = [newId('person'), newId('session'), '1', 'x'.repeat(43)].join('.');
  await post(target, '/api/v1/session/refresh', {}, { cookie: `__Host-sotto-staff=${token}` });
}

function flawsOfCookie(cookie: string): string[] {
  const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim());
  const name = pair.slice(0, pair.indexOf('='));
  const has = (pattern: RegExp) => attributes.some((attribute) => pattern.test(attribute));
  const isNarrow = has(/^samesite=(?:strict|lax)$/i) || (has(/^samesite=none$/i) && has(/^partitioned$/i));
  return [
    ...(/^__(?:Host|Secure)-/.test(name) ? [] : [`${name} may be set by others`]),
    ...(has(/^secure$/i) ? [] : [`${name} is not Secure`]),
    ...(has(/^httponly$/i) ? [] : [`${name} is not HttpOnly`]),
    ...(isNarrow ? [] : [`${name} goes with every site`]),
    ...(has(/^domain=/i) ? [`${name} is sent to names below`] : []),
    ...(pair.length > 4096 ? [`${name} is longer than 4096 bytes`] : []),
  ];
}
