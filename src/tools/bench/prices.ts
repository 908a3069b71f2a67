/** What Cloudflare asks for on the Workers Paid plan beyond what it includes, in dollars, as published in November 2026. */
export const PRICES = {
  /** To Workers. */
  request: 0.3e-6,
  /** To objects: calls, upgrades and alarms; of frames twenty count as one. */
  objectRequest: 0.15e-6,
  framesPerRequest: 20,
  /** In objects and in the database alike. */
  rowRead: 0.001e-6,
  rowWritten: 1e-6,
  /** Storage of objects, of 10^9 bytes. */
  gigabyteMonth: 0.2,
  /** In the key store: class A and class B operations. */
  keyWritten: 4.5e-6,
  keyRead: 0.36e-6,
} as const;
