/**
 * Where everything lies: in one jurisdiction, or wherever Cloudflare puts it. Every object is found here, and nowhere
 * else (oxlint.config.ts), because the same name in two jurisdictions is two objects: whoever forgot it once would find
 * an empty one.
 */
import { ConfigError, configOf, type Env } from './config.ts';
import { logFault } from './log.ts';
import type { Jurisdiction } from './protocol/residency.ts';

export type ObjectKind = 'Account' | 'Conversation' | 'Inbox' | 'Ledger' | 'Scratch' | 'Watch';

/**
 * The object of this name, in the jurisdiction of this deployment. What it offers is known to the room that has its class.
 * @throws {ConfigError} where there are no jurisdictions
 */
export function objectOf(env: Env, kind: ObjectKind, name: string): unknown {
  const { jurisdiction } = configOf(env);
  return within(env[kind], jurisdiction).getByName(name);
}

function within(all: DurableObjectNamespace, jurisdiction: Jurisdiction | null): DurableObjectNamespace {
  if (jurisdiction === null) return all;
  try {
    return all.jurisdiction(jurisdiction);
  } catch {
    // workerd outside of Cloudflare: it has the function, and refuses.
    throw new ConfigError('JURISDICTION must be empty where Sotto does not run on Cloudflare');
  }
}

/** What was found to be so: an isolate serves one deployment. */
const settled = new Set<string>();

/**
 * Whether everything still lies where it lay when Sotto was set up. The first request of all settles that, and each
 * process of the Worker asks once.
 * @throws {ConfigError} if the setting is another one by now: nothing would be where it is looked for
 */
export async function requireResidency(env: Env): Promise<void> {
  const { jurisdiction } = configOf(env);
  const wanted = jurisdiction ?? '';
  if (settled.has(wanted)) return;
  within(env.Ledger, jurisdiction);
  const [, kept] = await env.DB.batch<{ jurisdiction: string }>([
    env.DB.prepare('INSERT OR IGNORE INTO residency VALUES (1, ?, ?)').bind(wanted, Date.now()),
    env.DB.prepare('SELECT jurisdiction FROM residency'),
  ]);
  const since = kept?.results[0]?.jurisdiction;
  if (since !== wanted)
    throw new ConfigError(
      `JURISDICTION must be ${since || 'empty'}, as when Sotto was set up: elsewhere all objects are others, and empty`,
    );
  settled.add(wanted);
}

/** An alarm that may not do anything yet rings again so much later. */
const rungAgainAfter = 10 * 60_000;

type Woken = { env: Env; ctx: DurableObjectState };
type Alarm = (this: Woken, info?: AlarmInvocationInfo) => unknown;

/**
 * The alarms of these classes ask first too: objects stay where they lie, and would tell those who are looked for
 * elsewhere by now. An alarm that may not is put off and not lost, which it would be after a few tries.
 */
export function requireResidencyOfAlarms(classes: readonly { prototype: object }[]): void {
  for (const { prototype } of classes) {
    const alarm = Object.getOwnPropertyDescriptor(prototype, 'alarm')?.value as Alarm | undefined;
    if (alarm === undefined) throw new TypeError('an object of this class has no alarm');
    const asksFirst = async function (this: Woken, info?: AlarmInvocationInfo): Promise<void> {
      try {
        await requireResidency(this.env);
      } catch (error) {
        logFault('object.residency', error);
        return this.ctx.storage.setAlarm(Date.now() + rungAgainAfter);
      }
      await alarm.call(this, info);
    };
    Object.defineProperty(prototype, 'alarm', { value: asksFirst });
  }
}
