/**
 * What a conversation's site has masked in it. Asked again after a while, so that a change counts soon; where nobody can
 * say, what is masked by default is, and what was masked before.
 */
import type { Env } from '../../config.ts';
import { logFault } from '../../log.ts';
import type { SiteId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';
import { kindsOf, type MaskedKind, plainMasking } from '../../protocol/marks.ts';
import { siteOf } from '../sites.ts';

type Kinds = readonly MaskedKind[];

const byDefault = kindsOf(plainMasking);

export class MaskingRule {
  readonly #env: Env;
  #known: { kinds: Kinds; at: number } | undefined;

  constructor(env: Env) {
    this.#env = env;
  }

  async of(site: SiteId, now: number): Promise<Kinds> {
    const known = this.#known;
    if (known !== undefined && Math.abs(now - known.at) < lifetimes.maskingRule) return known.kinds;
    try {
      const found = await siteOf(this.#env, site);
      const kinds = found === undefined ? byDefault : kindsOf(found.settings.masking);
      this.#known = { kinds, at: now };
      return kinds;
    } catch (error) {
      logFault('conversation.masking', error);
      return [...new Set([...byDefault, ...(known?.kinds ?? [])])];
    }
  }
}
