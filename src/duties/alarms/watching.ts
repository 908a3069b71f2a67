/** The way to the one object that watches. */
import type { Env } from '../../config.ts';
import type { Watch } from './object.ts';

export function watchOf(env: Env): DurableObjectStub<Watch> {
  return env.Watch.getByName('watch') as unknown as DurableObjectStub<Watch>;
}
