/** Sotto's own keys over HTTP: how they stand, and renewing them. */
import { Hono } from 'hono';
import { isConversation } from '../../chat/directory.ts';
import type { Env } from '../../config.ts';
import { bodyOf, type Http } from '../../http.ts';
import { archivedDetails } from '../../ledger.ts';
import { allow, requireStepUp, staffOf } from '../../people/guard.ts';
import { note } from '../../people/recording.ts';
import { emergencyRequest, keyRenewRequest, type KeysAnswer, type KeyView } from '../../protocol/keys.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { dueOf, keyTable, periods, type ServiceKeyRow } from '../../vault.ts';
import { rootView } from '../checks.ts';
import { emergencyOf, holderAt, refuseTokens, rotate, rotationOf, sealAnew } from '../rotation.ts';
import { UnmovedStore } from './store.ts';

export const keyRoutes = new Hono<Http>()
  .get('/keys', async (c) => {
    allow(await staffOf(c.env, c.req.raw), 'keys.rotate');
    return c.json<KeysAnswer>(await standing(c.env, Date.now()));
  })

  .post('/emergency', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'keys.rotate');
    const { conversation } = await bodyOf(c, emergencyRequest);
    if (conversation !== null && !(await isConversation(c.env, conversation))) throw new Refusal('not_found');
    await requireStepUp(c.env, staff);
    note(c, { ...(conversation !== null && { object: conversation }), facts: { emergency: true } });
    const now = Date.now();
    await sealAnew(c.env, conversation, now);
    return c.json<KeysAnswer>(await standing(c.env, now), 202);
  })

  .post('/keys/:id/renew', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'keys.rotate');
    const { leaked } = await bodyOf(c, keyRenewRequest);
    const key = (await keyTable(c.env.DB).all()).find(({ id }) => String(id) === c.req.param('id'));
    if (key === undefined) throw new Refusal('not_found');
    const { purpose } = key;
    if (purpose === 'lookup' || (leaked && purpose !== 'token'))
      throw new Refusal('invalid', 'This cannot be done with a key of this purpose.');
    await requireStepUp(c.env, staff);
    note(c, { facts: { purpose, ...(leaked && { leaked }) } });
    const now = Date.now();
    if (leaked) await refuseTokens(c.env, now);
    else await rotate(c.env, key, now);
    return c.json<KeysAnswer>(await standing(c.env, now), 202);
  });

async function standing(env: Env, now: number): Promise<KeysAnswer> {
  const [keys, root, emergency, archived] = await Promise.all([
    viewsOf(env, now),
    rootView(env, now),
    emergencyOf(env),
    archivedDetails(env),
  ]);
  return { keys, root, emergency, archived };
}

const order = Object.keys(periods);

async function viewsOf(env: Env, now: number): Promise<KeyView[]> {
  const keys = (await keyTable(env.DB).all()).toSorted(
    (one, other) =>
      order.indexOf(one.purpose) - order.indexOf(other.purpose) ||
      one.state.localeCompare(other.state) ||
      other.createdAt - one.createdAt,
  );
  return Promise.all(keys.map((key) => viewOf(env, key, now)));
}

async function viewOf(env: Env, key: ServiceKeyRow, now: number): Promise<KeyView> {
  const { id, purpose, state, createdAt, uses } = key;
  const { lasts, uses: mostUses } = periods[purpose];
  const run = state === 'retired' ? await rotationOf(env, id) : undefined;
  return {
    ...{ id, purpose, state, createdAt, lasts, mostUses },
    uses: mostUses === null ? null : uses,
    due: state === 'active' ? dueOf(key, now) : null,
    rotation:
      run === undefined
        ? null
        : {
            done: run.done,
            holder: holderAt(run.place),
            isOver: run.overAt !== null,
            left: await new UnmovedStore(env.DB).count(id),
          },
  };
}
