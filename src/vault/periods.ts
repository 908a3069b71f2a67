import type { ServiceKeyInfo } from './keys.ts';
import type { ServiceKeyPurpose } from './service-key.ts';

const day = 86_400_000;
/** SP 800-38D section 8.3 allows 2^32 boxes with random nonces under one key. Half of them leave time to renew it. */
const sealings = 2 ** 31;

/**
 * For how long a key is active, and how often it seals at most. NIST SP 800-57 Part 1 Rev. 5, table 1, has keys that
 * wrap or encrypt originate for two years at most, and private signature keys for one to three years.
 *
 * A look-up key seals nothing, and cannot be renewed: ids and refresh tokens are derived from it (docs/ENVELOPE.md).
 */
export const periods: Readonly<Record<ServiceKeyPurpose, { lasts: number | null; uses: number | null }>> = {
  data: { lasts: 365 * day, uses: sealings },
  pepper: { lasts: 365 * day, uses: sealings },
  lookup: { lasts: null, uses: null },
  // Renewed after thirty days, in the first night after that (rule S21). What is older was not.
  token: { lasts: 32 * day, uses: null },
  ledger: { lasts: 2 * 365 * day, uses: null },
};

/** When a key is to be renewed: `soon` in the last tenth of its time, or when half of its uses are made. */
export type Due = 'later' | 'soon' | 'over';

export function dueOf({ purpose, createdAt, uses }: ServiceKeyInfo, now: number): Due {
  const { lasts, uses: most } = periods[purpose];
  const age = lasts === null ? 0 : (now - createdAt) / lasts;
  const use = most === null ? 0 : uses / most;
  if (age >= 1 || use >= 1) return 'over';
  return age >= 0.9 || use >= 0.5 ? 'soon' : 'later';
}
