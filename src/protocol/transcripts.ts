/** A conversation by mail: to its customer, and readable to the holder of their OpenPGP key alone. */
import * as v from 'valibot';
import { armouredSchema } from './pgp.ts';

export const transcriptRequest = v.strictObject({ openpgp: armouredSchema });
