/** Whether a mail that says it is from Sotto's domain can be told from one that only says so. */
import { type Check, failed, judged, notRun } from './check.ts';
import type { Target } from './target.ts';

const MOST_LOOK_UPS = 10;
const notLocal = 'mail of this machine goes to a folder';
const missing = 'name the domain that mails come from with --mail';
const why =
  'Else anybody can write to customers and staff in Sotto’s name, and its own mails are taken for spam.';
const fix = 'Set it where the domain’s DNS is kept; Cloudflare’s Email Sending shows what it should be.';

export const mail: Check[] = [
  {
    id: 'mail-spf',
    what: 'The domain of the mails says who may send them, and that all others may not (SPF).',
    standards: ['RFC 7208', 'NIST SP 800-177', 'CIS 9.5'],
    ...{ why, fix, notLocal },
    look: async (target) => {
      if (target.mail === undefined) return notRun(missing);
      const records = (await texts(target, target.mail.domain)).filter((text) =>
        /^v=spf1(?: |$)/i.test(text),
      );
      const [record] = records;
      if (record === undefined || records.length > 1)
        return failed(`there are ${records.length} records and not one`);
      const lookUps = record.match(/(?:^|\s)[+?~-]?(?:include:|exists:|redirect=|a\b|mx\b|ptr\b)/gi) ?? [];
      const isEnded = /\s[-~]all$|\sredirect=\S+$/i.test(record.trim());
      return judged(
        [
          ...(isEnded ? [] : ['it lets everybody send']),
          ...(lookUps.length > MOST_LOOK_UPS ? ['it asks for more than ten others'] : []),
        ],
        record,
      );
    },
  },
  {
    id: 'mail-dkim',
    what: 'The key by which mails are signed is published (DKIM).',
    standards: ['RFC 6376', 'RFC 8301', 'CIS 9.5'],
    ...{ why, fix, notLocal },
    look: async (target) => {
      if (target.mail === undefined) return notRun(missing);
      const { domain, selectors } = target.mail;
      if (selectors.length === 0)
        return notRun('name the selector of its key with --dkim: it stands as s= in a mail’s DKIM-Signature');
      const flaws: string[] = [];
      for (const selector of selectors) {
        const keys = (await texts(target, `${selector}._domainkey.${domain}`)).map(
          (text) => /(?:^|;)\s*p=([A-Za-z0-9+/=\s]*)/.exec(text)?.[1],
        );
        const [key] = keys;
        if (key === undefined) flaws.push(`${selector} has no key`);
        else if (key.trim() === '') flaws.push(`${selector} was revoked`);
      }
      return judged(flaws, selectors.join(', '));
    },
  },
  {
    id: 'mail-dmarc',
    what: 'The domain has mails refused or set apart that only say they are from it (DMARC).',
    standards: ['RFC 7489', 'NIST SP 800-177', 'CIS 9.5'],
    ...{ why, fix, notLocal },
    look: async (target) => {
      if (target.mail === undefined) return notRun(missing);
      const { domain } = target.mail;
      const own = await dmarcOf(target, domain);
      // A name below has its organisation's; one step up is enough for chat.example.com.
      const [record] = own.length > 0 ? own : await dmarcOf(target, domain.slice(domain.indexOf('.') + 1));
      if (record === undefined) return failed('there is none');
      const below = own.length > 0 ? undefined : /(?:^|;)\s*sp=(\w+)/i.exec(record)?.[1];
      const policy = (below ?? /(?:^|;)\s*p=(\w+)/i.exec(record)?.[1])?.toLowerCase();
      return judged(
        policy === 'reject' || policy === 'quarantine' ? [] : [`its policy is ${policy ?? 'missing'}`],
        record,
      );
    },
  },
];

async function dmarcOf(target: Target, domain: string): Promise<string[]> {
  return (await texts(target, `_dmarc.${domain}`)).filter((text) => /^v=DMARC1(?:;|\s|$)/i.test(text));
}

/** @throws when nobody could say: that there is none is an answer */
async function texts({ resolver }: Target, name: string): Promise<string[]> {
  try {
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
  } catch (error) {
    if (['ENOTFOUND', 'ENODATA'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
