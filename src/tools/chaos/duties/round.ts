/**
 * One round: somebody is erased, somebody has a copy made, a site's old conversations go, and a backup is made, all at once
 * and killed at any moment. Then they are left to end by themselves, and what came of them is looked at.
 */
import { join } from 'node:path';
import type { CopyAnswer } from '../../../protocol/copies.ts';
import type { OpenFileAnswer } from '../../../protocol/file-bodies.ts';
import { readVerifierKey } from '../../../protocol/ledger-proof.ts';
import type { RequestAnswer } from '../../../protocol/privacy.ts';
import { readReceipt } from '../../../protocol/receipt.ts';
import { Customer, type Shop, type Talk } from '../../engine/customers.ts';
import type { Finding } from '../checker/finding.ts';
import { insist } from '../insist.ts';
import { checkCopy } from './copied.ts';
import { DAY, type Driving } from './driving.ts';
import { lookAtBackups, lookAtCopies, lookAtTalks } from './looking.ts';
import type { Officer } from './officer.ts';
import { keysUnder } from './raw.ts';
import { MARK, type Talks } from './talks.ts';

const KEPT_DAYS = 2;

/** What a run has in every round. */
export interface Scene {
  readonly driving: Driving;
  readonly talks: Talks;
  readonly officer: Officer;
  readonly shop: Shop;
  readonly folder: string;
  readonly keyring: string;
  readonly kills: number;
  readonly rounds: number;
}

/**
 * Each round has a night of its own, a day after the one before. The last is tomorrow's: a backup that is made now and would
 * not be done by the night after that is given up.
 */
function nightOf(n: number, { rounds }: Scene): number {
  return Date.now() + (n + 2 - rounds) * DAY;
}

type Round = {
  readonly erased: Customer;
  readonly request: string;
  readonly copied: Customer;
  readonly keys: readonly Buffer[];
  copy: string;
};

/** @param old a shop of its own, with conversations of days ago @returns what was found, and whose keys are to be nowhere */
export async function round(
  n: number,
  scene: Scene,
  old: { shop: Shop; talks: readonly Talk[] },
): Promise<{ findings: Finding[]; keys: readonly Buffer[] }> {
  const { driving, talks, officer, shop, kills } = scene;
  const { url } = driving.server;
  const erased = await Customer.come(url, shop, `victim ${n}`);
  const copied = await Customer.come(url, shop, `asker ${n}`);
  const theirs = await talks.lives(erased, `victim ${n}`, officer);
  const asked = await talks.lives(copied, `asker ${n}`, officer);
  // Of the old ones a legal hold keeps one, and another goes on.
  const [held, goesOn, ...over] = old.talks;
  if (held === undefined || goesOn === undefined) throw new Error('there are too few conversations');
  await goesOn.by.returns();
  await goesOn.by.says(goesOn, ['back again']);
  await officer.proves();
  await officer.put(`/conversations/${held.id}/hold`, { reason: 'A court has asked for it.' });
  await officer.keeps(old.shop, KEPT_DAYS);
  await talks.toldTo([...theirs, ...asked]);
  const { request } = await officer.post<RequestAnswer>('/requests', {
    ...{ of: erased.id, kind: 'erasure', law: 'gdpr' },
    ...{ how: 'They called from the number that we know.', wish: null },
  });
  // Its row grows, and SQLite puts it elsewhere in its page: where it lay before, its key is not to lie any more either.
  await officer.post(`/requests/${request.id}/extend`, { reason: `${MARK}: it takes longer. `.repeat(7) });
  const keys = keysUnder(driving.state, [
    ...[`visitor/${erased.id}`, `ledger/${erased.id}/`],
    ...theirs.flatMap(({ id }) => [`conversation/${id}/`, `file/${id}/`]),
  ]);
  const mine: Round = { erased, copied, keys, copy: '', request: request.id };
  talks.go([...theirs, ...over]);
  const begunAt = Date.now();
  const at = nightOf(n, scene);
  const begun = begin(scene, mine, at);
  const night = new Date(at).toISOString().slice(0, 10);
  await driving.kill(kills, async (kill) => {
    // The first find what was asked for by a door; of the others one waits for retention, the next for the backup.
    if (kill < kills / 3) return true;
    const id = `${kill % 2 === 0 ? 'retention' : 'backup'}-${night}`;
    await driving.stored('the night has begun', `SELECT 1 FROM runs WHERE id = '${id}'`);
    return true;
  });
  await begun;
  await driving.over(({ duty }) => duty !== 'rotation');
  // An erasure that was decided and not begun is what the next night finds.
  await driving.night(at);
  await driving.over(({ duty }) => duty !== 'rotation');
  return { findings: await checks(scene, mine, asked, begunAt), keys };
}

/** All that is to be killed, at once; asked for again until it is answered. */
async function begin({ driving, officer }: Scene, mine: Round, at: number): Promise<void> {
  await Promise.all([
    driving.night(at),
    insist(() => officer.post(`/requests/${mine.request}/fulfil`, { answer: null })),
    insist(() => mine.copied.post<CopyAnswer>(`/visitors/${mine.copied.id}/copies`, {})).then(
      (answer) => (mine.copy = answer?.copy.id ?? ''),
    ),
  ]);
}

async function checks(
  { driving, talks, officer, folder, keyring }: Scene,
  { erased, copied, keys, copy, request: id }: Round,
  asked: readonly Talk[],
  begunAt: number,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const { url } = driving.server;
  const { request } = await officer.get<RequestAnswer>(`/requests/${id}`);
  if (request.state !== 'done')
    findings.push({ kind: 'not healed', what: `the erasure is ${request.state}` });
  const known = (await text(url, '/ledger/keys')).split('\n').flatMap((line) => readVerifierKey(line) ?? []);
  const receipt = await readReceipt(await text(url, `/receipts/${id}`), known);
  if (receipt?.visitor !== erased.id) findings.push({ kind: 'lost', what: `the receipt of ${id}` });
  const { address } = await copied.post<OpenFileAnswer>(`/copies/${copy}/open`, {});
  findings.push(...(await checkCopy(await copied.load(address), asked)));
  const bucket = join(folder, `bucket-${driving.kills}`);
  const stored = await driving.whileDown(async () => [
    ...lookAtTalks(driving.state, talks, keys),
    ...(await lookAtBackups(driving.state, bucket, keyring, { talks, begunAt })),
    ...lookAtCopies(driving.state, erased.id),
  ]);
  return [...findings, ...stored];
}

async function text(url: URL, path: string): Promise<string> {
  return (await fetch(new URL(path, url))).text();
}
