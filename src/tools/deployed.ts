/** `npm run check:deployed -- <url>`: looks at a deployment from outside, as a stranger does, with no account. */
import { Resolver } from 'node:dns/promises';
import { parseArgs } from 'node:util';
import { isId } from '../protocol/ids.ts';
import { doors, limited } from './deployed/doors.ts';
import { headers } from './deployed/headers.ts';
import { kept } from './deployed/kept.ts';
import { mail } from './deployed/mail.ts';
import { asJson, exitCodeOf, inWords, runChecks, summary } from './deployed/run.ts';
import type { Target } from './deployed/target.ts';
import { transport } from './deployed/transport.ts';
import { Halt, orHalt } from './halt.ts';

const USAGE = `npm run check:deployed -- <https://chat.example.com> [--site <id>] [--mail <domain> --dkim <selector>…] [--json]
  --site   one of its sites, whose widget and visitors' cookie are looked at too
  --mail   the domain of MAIL_FROM, whose SPF, DKIM and DMARC are asked for; --dkim: s= in a mail's DKIM-Signature
  --dns    who is asked for that, else whom this machine asks: 192.0.2.1 or 192.0.2.1:53
  --local  the address is a Sotto on this machine (http://localhost:8787), where there is neither TLS nor mail
It ends with 0 where all passed, with 1 where something failed, with 2 where something could not be looked at.
It uses up this network's tries to sign in for a minute.`;

const localHosts = ['localhost', '127.0.0.1', '[::1]'];

await orHalt(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      site: { type: 'string' },
      mail: { type: 'string' },
      dkim: { type: 'string', multiple: true, default: [] },
      dns: { type: 'string' },
      local: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const target = targetOf(positionals, values);
  const checks = [...transport, ...headers, ...kept, ...doors, ...mail, ...limited];
  const at = new Date();
  const results = await runChecks(checks, target, (result) => {
    if (!values.json) console.log(inWords(result));
  });
  console.log(values.json ? asJson(target, at, results) : `\n${summary(results)}`);
  process.exitCode = exitCodeOf(results);
});

type Wish = { site?: string; mail?: string; dkim: string[]; dns?: string; local: boolean };

function targetOf([address, ...more]: string[], { site, mail, dkim, dns, local }: Wish): Target {
  const url = URL.parse(address ?? '');
  if (url === null || more.length > 0 || !['http:', 'https:'].includes(url.protocol)) throw new Halt(USAGE);
  const isLocal = url.protocol === 'http:' && localHosts.includes(url.hostname);
  if (local && !isLocal)
    throw new Halt('--local is for an http address of this machine: all else is looked at in full.');
  if (!local && url.protocol === 'http:')
    throw new Halt('A deployment is reached by https. For a Sotto on this machine, add --local.');
  if (site !== undefined && !isId('site', site)) throw new Halt('--site is no id of a site.');
  const resolver = new Resolver({ timeout: 5_000, tries: 2 });
  if (dns !== undefined) resolver.setServers([dns]);
  return {
    ...{ url, origin: url.origin, isLocal, resolver, cookies: new Map<string, string>() },
    ...(site !== undefined && { site }),
    ...(mail !== undefined && { mail: { domain: mail, selectors: dkim } }),
  };
}
