/**
 * The product, with doors at which its checks are made many times over and its ledger is told of what nobody did. It is
 * bundled in the product's place.
 */
import product, * as classes from '../../../worker.ts';
import { ledgerOf, type Told } from '../../../ledger.ts';
import { tokensOf } from '../../../people/guard.ts';
import { may, type Staff } from '../../../people/permission.ts';
import { StaffDirectory } from '../../../people/staff.ts';
import { newId } from '../../../protocol/ids.ts';
import { actions } from '../../../protocol/permissions.ts';
import { builtIn } from '../../../protocol/roles.ts';

export const { Account, Conversation, Inbox, Ledger, Runs, Scratch, Watch } = classes;

type Env = ConstructorParameters<typeof classes.Conversation>[1];

/** Every action, by every role in turn, of a conversation of its team and of another. @returns how many were granted */
function permissions(times: number): number {
  const [team, other] = [newId('team'), newId('team')];
  const askers = builtIn.map((role): Staff => ({
    ...{ kind: 'staff', id: newId('person'), session: newId('session'), role, grants: null, teams: [team] },
  }));
  let granted = 0;
  for (let n = 0; n < times; n++) {
    const asker = askers[n % askers.length];
    const action = actions[n % actions.length];
    if (asker === undefined || action === undefined) continue;
    const thing = { team: n % 2 === 0 ? team : other, person: asker.id, waiting: n % 3 === 0 };
    if (may(asker, action, thing)) granted++;
  }
  return granted;
}

/** One token, verified as at every request. @returns how often it was good */
async function tokens(env: Env, times: number): Promise<number> {
  const all = await tokensOf(env);
  const claims = { sub: newId('person'), sid: newId('session'), amr: ['pwd', 'otp'], auth_time: 0 };
  const { token } = await all.staff(claims, Date.now());
  let good = 0;
  for (let n = 0; n < times; n++) if ((await all.verifyStaff(token)) !== undefined) good++;
  return good;
}

/** So many people with the password of whoever set this up, who have signed in never yet. @returns their addresses */
async function people(
  env: Env,
  times: number,
  state: 'active' | 'disabled',
  like: string,
): Promise<string[]> {
  const directory = new StaffDirectory(env);
  const owner = await directory.byLookup(await directory.lookup(like));
  const hashed = await owner?.open('password');
  if (hashed === undefined) throw new Error('nobody has set this up');
  const addresses: string[] = [];
  for (let n = 0; n < times; n++) {
    const address = `${crypto.randomUUID()}@example.com`;
    const person = { role: 'agent', grants: null, name: 'Somebody', address, state } as const;
    await directory.add({ ...person, teams: [] }, hashed, (row) => directory.store.add(row));
    addresses.push(address);
  }
  return addresses;
}

export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    const times = Number(searchParams.get('times'));
    if (pathname === '/permissions') return Response.json(permissions(times));
    const like = searchParams.get('like') ?? '';
    if (pathname === '/people/active') return Response.json(await people(env, times, 'active', like));
    if (pathname === '/people/disabled') return Response.json(await people(env, times, 'disabled', like));
    if (pathname === '/entries') {
      await ledgerOf(env).append(await request.json<Told[]>());
      return new Response();
    }
    if (pathname === '/tokens') return Response.json(await tokens(env, times));
    return product.fetch(request, env, ctx);
  },
} satisfies ExportedHandler<Env>;
