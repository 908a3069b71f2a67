/** What owners note for the law: contracts that there are, and who answers for the data. It lies sealed. */
import { type Env, vaultOf } from '../../config.ts';
import { type Controller, nobody } from '../../protocol/processing.ts';
import {
  type ContractNote,
  isContract,
  type MeasureId,
  type ProfilesAnswer,
} from '../../protocol/profiles.ts';
import { bind } from '../../vault.ts';
import { LawStore } from './store.ts';

export const contractPlace = (measure: string) => bind('sotto/contract/1', [measure]);
export const controllerPlace = bind('sotto/controller/1', []);

/** Those of measures that there are no more are left out. */
export async function contractsOf(env: Env): Promise<ProfilesAnswer['contracts']> {
  const rows = await new LawStore(env.DB).contracts();
  const known = rows.filter(({ measure }) => isContract(measure));
  const opened = known.map(
    async ({ measure, note }) => [measure, await opening(env, contractPlace(measure), note)] as const,
  );
  return Object.fromEntries(await Promise.all(opened)) as ProfilesAnswer['contracts'];
}

/** Null: there is none any more. */
export async function noteContract(env: Env, measure: MeasureId, note: ContractNote | null): Promise<void> {
  const sealed = note === null ? null : await sealing(env, contractPlace(measure), note);
  await new LawStore(env.DB).setContract(measure, sealed);
}

export async function controllerOf(env: Env): Promise<Controller> {
  const sealed = await new LawStore(env.DB).controller();
  return sealed === undefined ? nobody : ((await opening(env, controllerPlace, sealed)) as Controller);
}

export async function setController(env: Env, controller: Controller): Promise<void> {
  await new LawStore(env.DB).setController(await sealing(env, controllerPlace, controller));
}

async function sealing(env: Env, place: Uint8Array, value: object): Promise<Uint8Array> {
  return (await vaultOf(env)).sealPepper(place, new TextEncoder().encode(JSON.stringify(value)));
}

async function opening(env: Env, place: Uint8Array, sealed: Uint8Array): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await (await vaultOf(env)).openPepper(place, sealed)));
}
