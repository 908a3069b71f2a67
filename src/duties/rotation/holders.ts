/**
 * Everything that lies under a service key, each with the way to have it wrapped anew. Whoever keeps wrapped keys or
 * peppered values anywhere else adds a line: what no line reaches is lost once the key is thrown away.
 */
import { conversationKeyPlace, conversationOf } from '../../chat/conversation.ts';
import { conversationsAfter } from '../../chat/directory.ts';
import { filePlace } from '../../chat/files.ts';
import { type Env, vaultOf } from '../../config.ts';
import { logFault } from '../../log.ts';
import { banKeyPlace } from '../../people/bans.ts';
import { repeppered } from '../../people/identity.ts';
import { personKeyPlace, StaffDirectory } from '../../people/staff.ts';
import { visitorKeyPlace } from '../../people/visitor.ts';
import { siteSecretPlace } from '../../people/vouching.ts';
import type {
  BanId,
  ConversationId,
  FileId,
  IdentityKeyId,
  IncidentId,
  PersonId,
  RequestId,
  VisitorId,
} from '../../protocol/ids.ts';
import type { KeyHolder } from '../../protocol/keys.ts';
import { detailsKeyPlace, fileKeyPlace, keyStore, type KeyStoreKind, namedKey } from '../../vault.ts';
import { watchOf } from '../alarms.ts';
import { witnessPlace } from '../audit.ts';
import { contactPlace, policyPlace } from '../incident-plan.ts';
import { incidentKeyPlace } from '../incidents.ts';
import { exceptionPlace } from '../checks.ts';
import { requestKeyPlace } from '../requests.ts';
import { contractPlace, controllerPlace } from '../laws.ts';
import { type Column, SealedColumn } from './store.ts';

/** Each costs a few requests, of which a portion has 1,000. */
const atOnce = 100;

/** What was found behind a place: where the next begins, how much was wrapped anew, and what could not be. */
export type Moved = { next: string | null; moved: number; failed: string[] };
export type Holder = {
  readonly name: KeyHolder;
  /** Wraps what lies under this key anew, a page behind this place (at first behind ''). Doing it again does no more. */
  readonly move: (env: Env, from: number, after: string) => Promise<Moved>;
};

const dataHolders: readonly Holder[] = [
  columnOf('people', { table: 'people', column: 'key', id: ['id'] }, (id) => personKeyPlace(id as PersonId)),
  columnOf('visitors', { table: 'visitors', column: 'key', id: ['id'] }, (id) =>
    visitorKeyPlace(id as VisitorId),
  ),
  columnOf('bans', { table: 'bans', column: 'key', id: ['id'] }, (id) => banKeyPlace(id as BanId)),
  columnOf('requests', { table: 'requests', column: 'key', id: ['id'] }, (id) =>
    requestKeyPlace(id as RequestId),
  ),
  columnOf('incidents', { table: 'incidents', column: 'key', id: ['id'] }, (id) =>
    incidentKeyPlace(id as IncidentId),
  ),
  columnOf('ledger', { table: 'ledger_keys', column: 'key', id: ['owner', 'month'] }, ledgerKeyPlace),
  {
    name: 'conversations',
    move: async (env, from, after) =>
      moveEach(await conversationsAfter(env, after, atOnce), (id) =>
        conversationOf(env, id).rewrapKeys(from),
      ),
  },
  // Behind all that may put its copy there.
  { name: 'keyStore', move: moveCopies },
];

const pepperHolders: readonly Holder[] = [
  {
    name: 'passwords',
    move: async (env, from, after) =>
      moveEach(await new StaffDirectory(env).store.idsWithPassword(after, atOnce), (id) =>
        movePassword(env, id, from),
      ),
  },
  columnOf('siteSecrets', { table: 'site_keys', column: 'secret', id: ['id'] }, (id) =>
    siteSecretPlace(id as IdentityKeyId),
  ),
  columnOf(
    'witness',
    { table: 'ledger_witness', column: 'address', id: ['CAST(only AS TEXT)'] },
    () => witnessPlace,
  ),
  columnOf('contracts', { table: 'contracts', column: 'note', id: ['measure'] }, contractPlace),
  columnOf(
    'controller',
    { table: 'controller', column: 'contacts', id: ['CAST(only AS TEXT)'] },
    () => controllerPlace,
  ),
  columnOf(
    'incidentPolicies',
    { table: 'incident_policies', column: 'text', id: ['CAST(version AS TEXT)'] },
    policyPlace,
  ),
  columnOf(
    'incidentContacts',
    { table: 'incident_roles', column: 'contact', id: ['role', 'rank'] },
    contactPlace,
  ),
  columnOf('checkExceptions', { table: 'check_exceptions', column: 'reason', id: ['id'] }, exceptionPlace),
  {
    name: 'alarms',
    move: async (env, from, after) =>
      moveEach(after === '' ? ['watch'] : [], () => watchOf(env).rewrapSealed(from)),
  },
];

export const holders = { data: dataHolders, pepper: pepperHolders } as const;

/** Each of these by itself: what fails keeps no other from being moved. */
async function moveEach<Name extends string>(
  names: readonly Name[],
  move: (name: Name) => Promise<number>,
): Promise<Moved> {
  const outcomes = await Promise.allSettled(names.map(move));
  const failed: string[] = [];
  let moved = 0;
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') moved += outcome.value;
    else {
      logFault('rotation', outcome.reason);
      failed.push(names[index] ?? '');
    }
  }
  return { next: names.at(-1) ?? null, moved, failed };
}

function columnOf(name: KeyHolder, at: Column, placeOf: (id: string) => Uint8Array): Holder {
  return {
    name,
    async move(env, from, after) {
      const vault = await vaultOf(env);
      const column = new SealedColumn(env.DB, at);
      const rows = new Map(
        (await column.under(from, after, atOnce)).map(({ name, sealed }) => [name, sealed]),
      );
      return moveEach([...rows.keys()], async (id) => {
        const sealed = rows.get(id) ?? new Uint8Array();
        await column.replace(id, sealed, await vault.rewrap(placeOf(id), sealed));
        return 1;
      });
    },
  };
}

async function movePassword(env: Env, id: PersonId, from: number): Promise<number> {
  const directory = new StaffDirectory(env);
  const member = await directory.byId(id);
  const stored = await member?.open('password');
  const anew = stored && (await repeppered(await vaultOf(env), stored, from));
  if (member === undefined || anew === undefined) return 0;
  await directory.store.replacePassword(member.row, await member.seal('password', anew));
  return 1;
}

async function moveCopies(env: Env, from: number, after: string): Promise<Moved> {
  const vault = await vaultOf(env);
  const copies = keyStore(env.KEYS);
  const found = await copies.names(after, atOnce);
  const byName = new Map(found.map((copy) => [`${copy.kind}/${copy.id}`, copy]));
  return moveEach([...byName.keys()], async (name) => {
    const { kind, id } = byName.get(name) ?? { kind: 'person', id: '' };
    const isMoved = await copies.change(kind, id, async (record) =>
      namedKey(record) === from ? vault.rewrap(copyPlaces[kind](id), record) : undefined,
    );
    return isMoved ? 1 : 0;
  });
}

const copyPlaces: Record<KeyStoreKind, (id: string) => Uint8Array> = {
  person: (id) => personKeyPlace(id as PersonId),
  visitor: (id) => {
    const [visitor = '', request] = id.split('/');
    return request === undefined
      ? visitorKeyPlace(visitor as VisitorId)
      : requestKeyPlace(request as RequestId);
  },
  conversation: (id) => {
    const [conversation = '', fromSeq] = id.split('/');
    return conversationKeyPlace(conversation as ConversationId, Number(fromSeq));
  },
  file: sealedFilePlace,
  copy: sealedFilePlace,
  ban: (id) => banKeyPlace(id as BanId),
  incident: (id) => incidentKeyPlace(id as IncidentId),
  ledger: ledgerKeyPlace,
};

/** Where the key of this name in the store of keys belongs. */
export function keyPlaceOf(kind: KeyStoreKind, id: string): Uint8Array {
  return copyPlaces[kind](id);
}

/** Of a file in its conversation, or a copy of what is kept about a visitor. */
function sealedFilePlace(name: string): Uint8Array {
  const [owner = '', id = ''] = name.split('/');
  return fileKeyPlace(filePlace(owner as ConversationId, id as FileId));
}

function ledgerKeyPlace(name: string): Uint8Array {
  const [owner = '', month = ''] = name.split('/');
  return detailsKeyPlace(owner, month);
}
