/** Staff: who they are, sealed under each person's own key. */
import type { Env } from '../config.ts';
import { vaultOf } from '../config.ts';
import { logFault } from '../log.ts';
import type { EverybodyAnswer, Person, PersonState, ResetWish } from '../protocol/bodies.ts';
import { grantsOf, type RoleHeld } from '../protocol/roles.ts';
import type { Myself } from '../protocol/sign-in.ts';
import { newId, type PersonId, type TeamId } from '../protocol/ids.ts';
import { lifetimes } from '../protocol/limits.ts';
import { Refusal } from '../protocol/refusals.ts';
import { bind, type DataKey, isSameKey, keyStore, VaultError } from '../vault.ts';
import { accountOf } from './account.ts';
import { may, type Staff } from './permission.ts';
import { type NewPersonRow, type PersonRow, StaffStore } from './staff/store.ts';
import { closedTo, gatesOf } from './training.ts';

export type NewPerson = RoleHeld & { name: string; address: string; teams: TeamId[]; state: PersonState };
type Field = 'name' | 'address' | 'password' | 'totp';
const fields = ['name', 'address', 'password', 'totp'] as const satisfies readonly Field[];

/** A member of staff with their key at hand. Credentials stay sealed until they are asked for. */
export class StaffMember {
  readonly row: PersonRow;
  readonly #key: DataKey;

  constructor(row: PersonRow, key: DataKey) {
    this.row = row;
    this.#key = key;
  }

  get id(): PersonId {
    return this.row.id;
  }
  name(): Promise<string> {
    return this.#key.openText(fieldPlace(this.id, 'name'), this.row.name);
  }
  address(): Promise<string> {
    return this.#key.openText(fieldPlace(this.id, 'address'), this.row.address);
  }
  open(field: 'password' | 'totp'): Promise<Uint8Array | undefined> {
    const sealed = this.row[field];
    return sealed === undefined
      ? Promise.resolve(undefined)
      : this.#key.open(fieldPlace(this.id, field), sealed);
  }
  seal(field: 'password' | 'totp', value: Uint8Array): Promise<Uint8Array> {
    return this.#key.seal(fieldPlace(this.id, field), value);
  }
  sealAddress(address: string): Promise<Uint8Array> {
    return this.#key.sealText(fieldPlace(this.id, 'address'), address);
  }
  /** Undefined: they were sealed anew since. */
  openAddress(sealed: Uint8Array): Promise<string | undefined> {
    return this.#key.openText(fieldPlace(this.id, 'address'), sealed).catch(ifRefused);
  }
  sealPasskeyName(passkey: string, name: string): Promise<Uint8Array> {
    return this.#key.sealText(passkeyPlace(this.id, passkey), name);
  }
  openPasskeyName(passkey: string, sealed: Uint8Array): Promise<string> {
    return this.#key.openText(passkeyPlace(this.id, passkey), sealed);
  }
  /** Undefined: they were sealed anew since. */
  openTotp(sealed: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#key.open(fieldPlace(this.id, 'totp'), sealed).catch(ifRefused);
  }

  /** Is there a second factor yet? */
  get hasFactor(): boolean {
    return this.row.totp !== undefined || this.row.hasPasskey;
  }

  /** Who asked that their second factors are taken away, if that is not too long ago to be approved. */
  resetWish(now: number): ResetWish | null {
    const { reset } = this.row;
    return reset !== null && now - reset.at < lifetimes.resetWish ? reset : null;
  }

  async view(): Promise<Person> {
    const [name, address] = await Promise.all([this.name(), this.address()]);
    const { id, role, roleName, teams, state } = this.row;
    return { id, name, address, role, roleName, teams, state };
  }

  /** As they see themselves, with what they may do, and what is closed to them. */
  async viewOfOneself(env: Env): Promise<Myself> {
    const closed = (await closedTo(env, [this.id], Date.now())).get(this.id) ?? [];
    return { ...(await this.view()), grants: grantsOf(this.row), ...(closed.length > 0 && { closed }) };
  }
}

function fieldPlace(id: PersonId, field: Field): Uint8Array {
  return bind('sotto/person/1', [id, field]);
}
function passkeyPlace(id: PersonId, passkey: string): Uint8Array {
  return bind('sotto/passkey/1', [id, passkey]);
}
function ifRefused(reason: unknown): undefined {
  if (!(reason instanceof VaultError) || reason.code !== 'envelope_refused') throw reason;
}
/** Where each of the columns belongs that lie sealed under a person's key, and the names of their passkeys. */
export const personPlaces = {
  row: (id: PersonId) => fields.map((field) => [field, fieldPlace(id, field)] as const),
  passkey: passkeyPlace,
};
export function personKeyPlace(id: PersonId): Uint8Array {
  return bind('sotto/person-key/1', [id]);
}

export class StaffDirectory {
  readonly #env: Env;
  readonly #store: StaffStore;

  constructor(env: Env) {
    this.#env = env;
    this.#store = new StaffStore(env.DB);
  }

  get store(): StaffStore {
    return this.#store;
  }

  async lookup(address: string): Promise<Uint8Array> {
    return (await vaultOf(this.#env)).lookup('address', address);
  }

  async byLookup(lookup: Uint8Array): Promise<StaffMember | undefined> {
    return this.#opened(await this.#store.byLookup(lookup));
  }

  async byId(id: PersonId): Promise<StaffMember | undefined> {
    return this.#opened(await this.#store.byId(id));
  }

  async list(ids?: readonly PersonId[]): Promise<StaffMember[]> {
    const rows = await this.#store.list(ids);
    const vault = await vaultOf(this.#env);
    return Promise.all(
      rows.map(async (row) => new StaffMember(row, await vault.dataKey(personKeyPlace(row.id), row.key))),
    );
  }

  /**
   * Seals and stores something for somebody, and once more where they were sealed anew under another key in between.
   * @returns what storing said in the end
   */
  async write(
    member: StaffMember,
    sealAndStore: (member: StaffMember) => Promise<boolean>,
  ): Promise<boolean> {
    for (let current = member; ;) {
      if (await sealAndStore(current)) return true;
      const now = await this.byId(member.id);
      if (now === undefined || isSameKey(now.row.key, current.row.key)) return false;
      current = now;
    }
  }

  async #opened(row: PersonRow | undefined): Promise<StaffMember | undefined> {
    if (row === undefined) return undefined;
    const vault = await vaultOf(this.#env);
    return new StaffMember(row, await vault.dataKey(personKeyPlace(row.id), row.key));
  }

  /**
   * Adds a person: their key to the key store, their rights to their account, and their row last, so that a
   * process that dies in between leaves nothing that anybody can find. `insert` says whether the row went in.
   */
  async add(
    person: NewPerson,
    password: Uint8Array | undefined,
    insert: (row: NewPersonRow) => Promise<boolean>,
    id = newId('person'),
  ): Promise<StaffMember | undefined> {
    const vault = await vaultOf(this.#env);
    const { key, record } = await vault.newDataKey(personKeyPlace(id));
    const { role, grants, teams, state } = person;
    const row: NewPersonRow = {
      id,
      lookup: await this.lookup(person.address),
      key: record,
      name: await key.sealText(fieldPlace(id, 'name'), person.name),
      address: await key.sealText(fieldPlace(id, 'address'), person.address),
      password: password === undefined ? undefined : await key.seal(fieldPlace(id, 'password'), password),
      totp: undefined,
      role,
      grants,
      teams,
      state,
      createdAt: Date.now(),
    };
    const keys = keyStore(this.#env.KEYS);
    await keys.put('person', id, record);
    await accountOf(this.#env, id).setRights({ person: id, role, grants, teams, active: state === 'active' });
    if (await this.#inserted(row, insert))
      return new StaffMember({ ...row, roleName: null, hasPasskey: false, reset: null }, key);
    await this.#takeBack(id);
    return undefined;
  }

  /** Takes an invitation back, and with it whoever was invited. False: they have come. */
  async withdraw(id: PersonId): Promise<boolean> {
    if (!(await this.#store.withdraw(id))) return false;
    await this.#takeBack(id);
    return true;
  }

  /** A database may commit and lose its answer: after an error, the row itself says whether it went in. */
  async #inserted(row: NewPersonRow, insert: (row: NewPersonRow) => Promise<boolean>): Promise<boolean> {
    try {
      return await insert(row);
    } catch (error) {
      if ((await this.#store.byId(row.id)) !== undefined) return true;
      await this.#takeBack(row.id);
      throw error;
    }
  }

  async #takeBack(id: PersonId): Promise<void> {
    await Promise.allSettled([
      keyStore(this.#env.KEYS).delete('person', id),
      accountOf(this.#env, id).forget(),
    ]);
  }
}

/** They sign in with this from now on. @param hashed as `hashPassword` gives it */
export async function setPassword(env: Env, member: StaffMember, hashed: Uint8Array): Promise<void> {
  const directory = new StaffDirectory(env);
  await directory.write(member, async (now) =>
    directory.store.setPassword(now.row, await now.seal('password', hashed)),
  );
}

/**
 * Tells these people's accounts what they may do now, and again where that changed in the meantime: of two changes at
 * once the later telling may carry the older rights, so the last word is always what the database says afterwards.
 */
export async function tellRights(env: Env, ids: readonly PersonId[]): Promise<void> {
  const { store } = new StaffDirectory(env);
  const told = new Map<PersonId, string>();
  for (let left = ids; left.length > 0;) {
    const gates = await gatesOf(env, left);
    const rows = (await store.list(left)).map(({ id, role, grants, teams, state }) => ({
      person: id,
      role,
      grants,
      teams,
      active: state === 'active',
      gates: gates.get(id) ?? {},
    }));
    const news = rows.filter((rights) => told.get(rights.person) !== JSON.stringify(rights));
    await Promise.all(news.map((rights) => accountOf(env, rights.person).setRights(rights)));
    for (const rights of news) told.set(rights.person, JSON.stringify(rights));
    left = news.map(({ person }) => person);
  }
}

/** So many accounts are asked at once: each asks every room where its person sits. */
const atOnce = 100;

/**
 * Ends every session of everybody, or of these, but the asker's present one and of those who may do more than they. A half
 * of it that failed is done by doing all of it again. @throws {Refusal} unavailable
 */
export async function signEverybodyOut(
  env: Env,
  asker: Staff,
  these?: readonly PersonId[],
): Promise<EverybodyAnswer> {
  const everybody = await new StaffDirectory(env).store.list(these);
  const theirs = everybody.filter((person) => may(asker, 'people.endSessions', { grants: grantsOf(person) }));
  let failed: PromiseRejectedResult | undefined;
  for (let from = 0; from < theirs.length; from += atOnce) {
    const ended = await Promise.allSettled(
      theirs
        .slice(from, from + atOnce)
        .map(async ({ id }) => accountOf(env, id).endSessions(id === asker.id ? asker.session : undefined)),
    );
    failed ??= ended.find((outcome) => outcome.status === 'rejected');
  }
  if (failed !== undefined) {
    logFault('people.sign-out', failed.reason);
    throw new Refusal('unavailable');
  }
  return { signedOut: theirs.length, above: everybody.length - theirs.length };
}

const nameLifetime = 60_000;
const names = new Map<PersonId, { name: string; until: number }>();

/** The names of these people, null for whoever is not there (any more). Kept for a minute in this isolate. */
export async function namesOf(env: Env, ids: readonly PersonId[]): Promise<Map<PersonId, string | null>> {
  const now = Date.now();
  const missing = ids.filter((id) => (names.get(id)?.until ?? 0) <= now);
  if (missing.length > 0) {
    for (const id of missing) names.delete(id);
    for (const member of await new StaffDirectory(env).list(missing)) {
      names.set(member.id, { name: await member.name(), until: now + nameLifetime });
    }
  }
  return new Map(ids.map((id) => [id, names.get(id)?.name ?? null]));
}
