/**
 * The headers that every answer carries (OWASP Secure Headers). Nothing comes from a third party, nothing runs
 * inline, nothing frames what need not be framed.
 */
import { lifetimes } from './protocol/limits.ts';

const contentSources = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
];

const everywhere = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), ' +
    'magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), browsing-topics=()',
} as const;

/** For data: never kept, never read by another origin, never a page. */
export const dataHeaders = {
  ...everywhere,
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** For the public halves of the keys that sign tokens (RFC 7517, 8.5.2). */
export const keySetHeaders = {
  ...dataHeaders,
  'content-type': 'application/jwk-set+json',
  'cache-control': `public, max-age=${lifetimes.keySet / 1000}`,
} as const;

/** For what proves the ledger: anybody may have it, from anywhere. */
export const openHeaders = {
  ...dataHeaders,
  'content-type': 'text/plain; charset=utf-8',
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
} as const;

/** For files: what is shown of one stands alone, runs nothing, and is kept by nobody. */
export const fileHeaders = {
  ...everywhere,
  'cache-control': 'private, no-store',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'self'",
  'accept-ranges': 'bytes',
} as const;

/** For the dashboard, which nobody frames. */
export const dashboardHeaders = {
  ...everywhere,
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  // Files are shown in frames; each brings headers of its own (`fileHeaders`).
  'content-security-policy': [...contentSources, "frame-src 'self'", "frame-ancestors 'none'"].join('; '),
  'x-frame-options': 'DENY',
} as const;

/** For the widget, framed by its site's pages only. */
export function widgetHeaders(origins: readonly string[]): Record<string, string> {
  return {
    ...everywhere,
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'cross-origin',
    'content-security-policy': [...contentSources, `frame-ancestors ${origins.join(' ')}`].join('; '),
  };
}

/** For the loader, the one file that other sites' pages load. */
export const loaderHeaders = {
  ...everywhere,
  'cache-control': 'public, max-age=300',
  'cross-origin-resource-policy': 'cross-origin',
  'content-security-policy': "default-src 'none'",
} as const;
