/** What is counted, and read at the metered Worker's own door. */

export interface ObjectMeters {
  /** Calls and upgrades. */
  requests: number;
  /** Frames that came in over sockets. */
  frames: number;
  /** How often one was made or woken. */
  wakes: number;
  alarms: number;
  alarmsSet: number;
  rowsRead: number;
  rowsWritten: number;
}

export interface Meters {
  /** To the Worker. */
  requests: number;
  readonly objects: Readonly<Record<'Account' | 'Conversation' | 'Inbox' | 'Ledger' | 'Watch', ObjectMeters>>;
  readonly database: { rowsRead: number; rowsWritten: number };
  readonly keyStore: { reads: number; writes: number };
}

export function emptyMeters(): Meters {
  const object = (): ObjectMeters => ({
    requests: 0,
    frames: 0,
    wakes: 0,
    alarms: 0,
    alarmsSet: 0,
    rowsRead: 0,
    rowsWritten: 0,
  });
  return {
    requests: 0,
    objects: {
      Account: object(),
      Conversation: object(),
      Inbox: object(),
      Ledger: object(),
      Watch: object(),
    },
    database: { rowsRead: 0, rowsWritten: 0 },
    keyStore: { reads: 0, writes: 0 },
  };
}
