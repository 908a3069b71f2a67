/** Alarms: the door to the one object that watches. */
import type { Env } from '../config.ts';
import type { Watch } from './alarms/object.ts';

export function watchOf(env: Env): DurableObjectStub<Watch> {
  return env.Watch.getByName('watch') as unknown as DurableObjectStub<Watch>;
}
