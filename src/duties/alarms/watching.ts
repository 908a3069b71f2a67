/** The way to the one object that watches. */
import type { Env } from '../../config.ts';
import { objectOf } from '../../residency.ts';
import type { Watch } from './object.ts';

export function watchOf(env: Env): DurableObjectStub<Watch> {
  return objectOf(env, 'Watch', 'watch') as DurableObjectStub<Watch>;
}
