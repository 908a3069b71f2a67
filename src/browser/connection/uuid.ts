/** Each x is drawn by lot. */
const version4 = 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx';

/**
 * A random UUID (RFC 9562, 5.4). `crypto.randomUUID()` would do, but it is missing where the page around the
 * widget came without TLS.
 */
export function uuid(): string {
  const random = crypto.getRandomValues(new Uint8Array(version4.length));
  return version4.replaceAll('x', (_, at: number) => ((random[at] ?? 0) % 16).toString(16));
}
