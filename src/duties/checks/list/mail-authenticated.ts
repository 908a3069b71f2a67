import * as v from 'valibot';
import { configOf } from '../../../config.ts';
import { type Check, failed, type Look, notRun, passed } from '../check.ts';

const resolver = 'https://1.1.1.1/dns-query';
/** A key is found by its selector alone: those that Cloudflare and others use. */
const selectors = [
  'cf2024-1',
  'cf-bounce',
  'default',
  'selector1',
  'selector2',
  'google',
  's1',
  'k1',
  'mail',
  'dkim',
];
const answerSchema = v.object({
  Status: v.number(),
  Answer: v.optional(v.array(v.object({ type: v.number(), data: v.string() })), []),
});
const text = 16;
const noSuchName = 3;

export const mailAuthenticated: Check = {
  id: 'mail-authenticated',
  group: 'outside',
  title: 'Nobody else sends mail as Sotto',
  measures:
    'What the DNS says of the sender’s domain: SPF that ends with a refusal, a DMARC policy of quarantine or reject, and a DKIM key under one of the usual selectors.',
  why: 'A mail that seems to come from Sotto, with a link to sign in, is how passwords are stolen.',
  answers: {
    asvs: ['6.3.5', '12.3.1'],
    csf: ['PR.PS-01', 'PR.AA-03'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.312(e)(1)'],
    cis: ['9.5'],
  },
  fix: {
    how: 'Publish SPF, DKIM and DMARC for the domain of MAIL_FROM, as Cloudflare shows them.',
    place: null,
  },
  async run(look) {
    const domain = configOf(look.env).mailFrom.split('@').at(-1) ?? '';
    if (!domain.includes('.')) return notRun('The sender’s domain is none that the DNS knows.');
    const [spf, dmarc, keys] = await Promise.all([
      textsAt(look, domain),
      policyOf(look, domain),
      Promise.all(selectors.map((selector) => textsAt(look, `${selector}._domainkey.${domain}`))),
    ]);
    const found = {
      spf: spf.some((record) => /^v=spf1 .*[-~]all$/i.test(record)),
      dmarc: dmarc ?? '',
      dkim: selectors.filter((_, n) => keys[n]?.some((record) => /(?:^|;)\s*p=[A-Za-z0-9+/]/.test(record))),
    };
    const isRefusing = found.dmarc === 'quarantine' || found.dmarc === 'reject';
    if (!found.spf || !isRefusing)
      return failed(
        `${found.spf ? 'SPF holds' : 'SPF refuses nobody'}, ${dmarc === undefined ? 'there is no DMARC policy' : `DMARC says ${dmarc}`}.`,
        found,
      );
    return found.dkim.length === 0
      ? notRun(
          `SPF holds, and DMARC says ${found.dmarc}. Under no usual selector is there a DKIM key.`,
          found,
        )
      : passed(`SPF holds, DMARC says ${found.dmarc}, and there is a DKIM key.`, found);
  },
};

/** The policy of the domain, or of the one that it belongs to. */
async function policyOf(look: Look, domain: string): Promise<string | undefined> {
  for (let name = domain; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    const record = (await textsAt(look, `_dmarc.${name}`)).find((each) => /^v=DMARC1\b/i.test(each));
    if (record !== undefined)
      return /;\s*p=\s*(none|quarantine|reject)/i.exec(record)?.[1]?.toLowerCase() ?? 'none';
  }
  return undefined;
}

/** @throws where the DNS could not be asked */
async function textsAt({ outside }: Look, name: string): Promise<string[]> {
  const response = await outside(`${resolver}?name=${encodeURIComponent(name)}&type=TXT`, {
    headers: { accept: 'application/dns-json' },
  });
  const { Status: status, Answer: answers } = v.parse(answerSchema, await response.json());
  if (status !== 0 && status !== noSuchName) throw new Error('the DNS could not say');
  return answers
    .filter(({ type }) => type === text)
    .map(({ data }) => [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part).join('') || data);
}
