/** What lies below: TLS, its certificate, and that there is no way around it. */
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { type Check, failed, judged, notRun } from './check.ts';
import { ask, type Target } from './target.ts';

const PATIENCE_MS = 15_000;
const DAY_MS = 86_400_000;
const SPARE_DAYS = 14;
const YEAR_SECONDS = 31_536_000;
const notLocal = 'there is no TLS on this machine';

export const transport: Check[] = [
  {
    id: 'tls-old',
    what: 'TLS 1.0 and 1.1 are refused.',
    why: 'What they protect can be attacked, and no browser that Sotto works in needs them.',
    standards: ['ASVS V12.1.1', 'RFC 8996', 'NIST SP 800-52r2'],
    fix: 'Cloudflare: SSL/TLS, Edge Certificates, Minimum TLS Version 1.2.',
    notLocal,
    look: async (target) => {
      const spoken: string[] = [];
      for (const version of ['TLSv1', 'TLSv1.1'] as const) {
        const answer = await handshake(target, {
          minVersion: version,
          maxVersion: version,
          ciphers: 'ALL:@SECLEVEL=0',
        });
        if ('unable' in answer)
          return notRun(`this machine can't speak ${version} to try it: ${answer.unable}`);
        if ('socket' in answer) spoken.push(`${version} is spoken`);
      }
      return judged(spoken, 'both are refused');
    },
  },
  {
    id: 'tls-new',
    what: 'TLS 1.3 is spoken, and 1.2 only with forward secrecy and authenticated encryption.',
    why: 'Whoever gets hold of the private key later must not be able to read what was recorded.',
    standards: ['ASVS V12.1.1', 'ASVS V12.1.2', 'RFC 9325'],
    fix: 'Cloudflare: SSL/TLS, Edge Certificates, TLS 1.3 on; restrict the ciphers of TLS 1.2 to ECDHE with GCM or ChaCha20.',
    notLocal,
    look: async (target) => {
      const newest = await spoken(target);
      const older = await handshake(target, { maxVersion: 'TLSv1.2' });
      const cipher = 'socket' in older ? older.cipher : undefined;
      const isGood = cipher === undefined || /^ECDHE-.*(?:GCM|CHACHA20)/.test(cipher);
      return judged(
        [
          ...(newest === 'TLSv1.3' ? [] : [`the newest that is spoken is ${newest}`]),
          ...(isGood ? [] : [`TLS 1.2 prefers ${cipher}`]),
        ],
        cipher === undefined ? 'TLS 1.3 alone' : `TLS 1.3, and TLS 1.2 by ${cipher}`,
      );
    },
  },
  {
    id: 'certificate',
    what: `The certificate is believed, names this host, and is good for ${SPARE_DAYS} days or more.`,
    why: 'When it ends, nobody gets in; and whoever gets used to warnings is easy to deceive.',
    standards: ['ASVS V12.2.2', 'RFC 9525'],
    fix: 'Cloudflare renews it by itself: see SSL/TLS, Edge Certificates for what keeps it from doing so.',
    notLocal,
    look: async (target) => {
      const answer = await handshake(target, {});
      if ('unable' in answer) return notRun(answer.unable);
      if (!('socket' in answer)) return failed(answer.refused);
      const { validTo, error } = answer;
      const days = Math.floor((validTo.getTime() - Date.now()) / DAY_MS);
      const flaws = [
        ...(error === undefined ? [] : [`it is not believed: ${error}`]),
        ...(days < SPARE_DAYS ? [`it ends on ${validTo.toISOString()}`] : []),
      ];
      return judged(flaws, `good until ${validTo.toISOString()}`);
    },
  },
  {
    id: 'https-redirect',
    what: 'Whoever comes by http is sent to https, and is given nothing else.',
    why: 'What is answered in the clear can be read and changed by whoever is between.',
    standards: ['ASVS V4.1.2', 'ASVS V12.2.1', 'HIPAA 164.312(e)(1)'],
    fix: 'Cloudflare: SSL/TLS, Edge Certificates, Always Use HTTPS.',
    notLocal,
    look: async (target) => {
      // That nothing answers by http is of worth only where something answers by https.
      await ask(target, '/healthz');
      const at = new URL(target.url);
      at.protocol = 'http:';
      if (target.url.port === '') at.port = '80';
      const flaws: string[] = [];
      for (const path of ['/', '/loader.js', '/api/v1/setup']) {
        const answer = await ask(target, path, { at }).catch(
          (error: unknown) => error as NodeJS.ErrnoException,
        );
        // That nobody listens there is as good; that nobody could be asked is not known.
        if (answer instanceof Error) {
          if (!['ECONNREFUSED', 'ECONNRESET'].includes(answer.code ?? '')) throw answer;
          continue;
        }
        const { status, headers } = answer;
        const isSent = [301, 302, 307, 308].includes(status) && isHere(headers.location, at, target.url);
        if (!isSent && status < 400) flaws.push(`${path} answers ${status} by http`);
        if (headers['set-cookie'] !== undefined) flaws.push(`${path} sets a cookie by http`);
      }
      return judged(flaws, 'nothing is answered by http');
    },
  },
  {
    id: 'hsts',
    what: 'Every answer tells browsers to come by https alone, for a year at least, to all names below too.',
    why: 'Else the first request of each day can be caught before it is redirected.',
    standards: ['ASVS V3.4.1', 'RFC 6797'],
    fix: 'src/headers.ts and src/browser/public/_headers set it: something in front of Sotto takes it away or shortens it.',
    look: async (target) => {
      const flaws: string[] = [];
      const paths = [
        '/',
        '/loader.js',
        '/api/v1/setup',
        '/api/v1/nowhere',
        '/nowhere',
        '/ledger/keys',
        '/healthz',
      ];
      for (const path of [...paths, ...(await assetsOf(target)).slice(0, 2)]) {
        const value = (await ask(target, path)).headers['strict-transport-security'] ?? '';
        const seconds = Number(/(?:^|;)\s*max-age="?(\d+)/i.exec(value)?.[1] ?? 0);
        if (seconds < YEAR_SECONDS || !/(?:^|;)\s*includeSubDomains\s*(?:;|$)/i.test(value))
          flaws.push(`${path}: ${value === '' ? 'none' : value}`);
      }
      return judged(flaws, 'on every answer');
    },
  },
];

/** What the dashboard's page loads from the folder of assets. */
export async function assetsOf(target: Target): Promise<string[]> {
  const { body } = await ask(target, '/');
  return [...body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
}

type Shaken =
  | { socket: true; protocol: string; cipher: string; validTo: Date; error: string | undefined }
  | { refused: string }
  | { unable: string };

type Terms = { minVersion?: SecureVersion; maxVersion?: SecureVersion; ciphers?: string };

async function spoken(target: Target): Promise<string> {
  const answer = await handshake(target, {});
  return 'socket' in answer ? answer.protocol : 'none';
}

/** Begins TLS on these terms and goes no further. */
function handshake({ url, ca }: Target, terms: Terms): Promise<Shaken> {
  return new Promise((done, fail) => {
    let socket: TLSSocket;
    try {
      socket = connect({
        host: url.hostname,
        port: Number(url.port === '' ? 443 : url.port),
        servername: url.hostname,
        // Looked at below, so that a bad certificate is told of.
        rejectUnauthorized: false,
        ...(ca !== undefined && { ca }),
        ...terms,
      });
    } catch (error) {
      done({ unable: String(error) });
      return;
    }
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('the handshake does not come to an end')));
    socket.once('secureConnect', () => {
      done({
        socket: true,
        protocol: socket.getProtocol() ?? 'none',
        cipher: socket.getCipher().name,
        validTo: new Date(socket.getPeerCertificate().valid_to),
        error: socket.authorized ? undefined : String(socket.authorizationError),
      });
      socket.destroy();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (['ERR_SSL_NO_PROTOCOLS_AVAILABLE', 'ERR_SSL_NO_CIPHERS_AVAILABLE'].includes(error.code ?? ''))
        done({ unable: error.message });
      // An answer that ends the handshake, as opposed to nobody who answers.
      else if (
        error.code?.startsWith('ERR_SSL') === true ||
        error.code === 'ECONNRESET' ||
        error.code === 'EPROTO'
      )
        done({ refused: error.message });
      else fail(error);
    });
  });
}

function isHere(location: string | undefined, at: URL, url: URL): boolean {
  const to = URL.parse(location ?? '', at.href);
  return to?.protocol === 'https:' && to.hostname === url.hostname;
}
