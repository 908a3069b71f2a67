/** Where everything that is kept lies: the jurisdictions that Cloudflare has for objects, D1, R2 and Workflows alike. */
export const jurisdictions = ['eu', 'us', 'fedramp'] as const;
export type Jurisdiction = (typeof jurisdictions)[number];

export const jurisdictionNames: Readonly<Record<Jurisdiction, string>> = {
  eu: 'the European Union',
  us: 'the United States',
  fedramp: 'data centres that are authorised by FedRAMP (Moderate)',
};

/** What Cloudflare has no jurisdiction for, or none that Sotto can set (docs/PRIVACY.md). */
export const outsideJurisdiction: readonly string[] = [
  'Where a connection ends and the Worker runs: in the data centre that is next to whoever asks.',
  'Mail: links, codes and notices, with the addresses that they go to.',
  'Cloudflare’s log and its figures: lines without names or texts, and the names of objects.',
  'Counts at the door, by network address, for a minute each.',
  'Settings and secrets of the Worker, KEYRING among them.',
];
