/** What staff take along of the ledger, and of what somebody has seen, sealed to an OpenPGP key. */
import { env, exports } from 'cloudflare:workers';
import { decrypt, generateKey, readMessage, readPrivateKey } from 'openpgp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerOf } from '../../src/ledger.ts';
import { setPgp } from '../../src/people/organisation.ts';
import { readLedger, report } from '../../src/protocol/ledger-proof.ts';
import { readPgpKey } from '../../src/vault.ts';
import { begin, call, type Member, newMember, newSite, newTeam, newVisitor, origin } from '../cast.ts';
import { recorded } from '../chat/scene.ts';
import { since, size } from '../ledger/scene.ts';

const [theirs, ours] = await Promise.all(
  ['Ines', 'Harbour Coffee'].map((name) => generateKey({ userIDs: [{ name }] })),
);
if (theirs === undefined || ours === undefined) throw new Error('no keys');

let owner: Member;
let agent: Member;

beforeEach(async () => {
  const team = await newTeam();
  owner = await newMember('owner', [team]);
  agent = await newMember('agent', [team]);
  const id = await begin(await newVisitor(await newSite(team)));
  await call('GET', `/api/v1/conversations/${id}/messages`, { token: agent.access });
  await recorded(id);
});
afterEach(() => setPgp(env, null));

const span = () => ({ person: agent.id, from: 0, to: Date.now() });
async function takes(path: string, body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${owner.access}`, 'content-type': 'application/json' };
  return exports.default.fetch(`${origin}/api/v1${path}`, {
    ...{ method: 'POST', headers, body: JSON.stringify(body) },
  });
}
async function opened(answer: Response, armoredKey: string): Promise<string> {
  const message = await decrypt({
    message: await readMessage({ binaryMessage: new Uint8Array(await answer.arrayBuffer()) }),
    decryptionKeys: await readPrivateKey({ armoredKey }),
    format: 'binary',
  });
  return new TextDecoder().decode(message.data as Uint8Array);
}

describe('D78 what is taken along', () => {
  it('D78 of the ledger opens with the key that was given alone, and is what it is without one', async () => {
    const before = await size();
    const wish = { format: 'ndjson', openpgp: theirs.publicKey };
    const answer = await takes('/ledger/export', wish);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename=ledger.ndjson.pgp');
    const again = await takes('/ledger/export', wish);
    await expect(opened(again, ours.privateKey)).rejects.toThrow();
    const text = await opened(answer, theirs.privateKey);
    async function* pieces() {
      yield await Promise.resolve(new TextEncoder().encode(text));
    }
    expect(report(await readLedger(pieces(), { notes: [], keys: [] }))).toMatchObject({ isWhole: true });
    const facts = { format: 'ndjson', whole: true, openpgp: true };
    const told = (await since(before)).filter(({ action }) => action === 'ledger.export');
    expect(told.map(({ facts: said }) => said)).toMatchObject([facts, facts]);
    await call('POST', '/api/v1/ledger/export', { token: owner.access, body: { format: 'csv' } });
    expect((await since(before)).at(-1)?.facts).toMatchObject({ whole: false, openpgp: false });
  });

  it('D78 goes to the key of the organisation, where there is one', async () => {
    const wishes = [
      ['/ledger/export', { format: 'csv', filter: { actor: agent.id } }, 'ledger.csv', 'conversation.read'],
      ['/radius/export', { format: 'csv', ...span() }, 'seen.csv', 'yes,read,con_'],
      ['/radius/export', { format: 'ndjson', ...span() }, 'seen.ndjson', '"kind":"read"'],
    ] as const;
    for (const [path, wish] of wishes) {
      const refused = await takes(path, { ...wish, openpgp: 'organisation' });
      expect(await refused.json()).toMatchObject({ code: 'pgp_missing' });
    }
    await setPgp(env, await readPgpKey(ours.publicKey, Date.now()));
    for (const [path, wish, name, words] of wishes) {
      const before = await size();
      const answer = await takes(path, { ...wish, openpgp: 'organisation' });
      expect(answer.headers.get('content-disposition')).toBe(`attachment; filename=${name}.pgp`);
      expect(await opened(answer, ours.privateKey)).toContain(words);
      expect((await since(before)).at(-1)?.facts).toMatchObject({ format: wish.format, openpgp: true });
    }
  });

  it('D78 is not taken along at all where nothing can be sealed to the key', async () => {
    await ledgerOf(env).checkpoint();
    for (const [path, wish] of [
      ['/ledger/export', { format: 'ndjson' }],
      ['/radius/export', { format: 'csv', ...span() }],
    ] as const) {
      for (const openpgp of ['no key', theirs.privateKey]) {
        const refused = await takes(path, { ...wish, openpgp });
        expect(await refused.json()).toMatchObject({ code: 'pgp_unfit' });
      }
    }
  });
});
