/** A conversation by mail, readable to the holder of an OpenPGP key alone. */
import * as v from 'valibot';
import { pgpWishSchema } from './pgp.ts';

/** It goes to its customer; to the key of the `organisation`, to whoever on staff asks for it. */
export const transcriptRequest = v.strictObject({ openpgp: pgpWishSchema });
