/** What befell a run, counted. */
export class Tally {
  acknowledged = 0;
  kills = 0;
  rollbacks = 0;
  drops = 0;
  halfOpens = 0;
  slowReaders = 0;
  /** Lines that a client let go of because nothing came any more. */
  silences = 0;
  duplicates = 0;
  swaps = 0;
  delays = 0;
  faultWindows = 0;
  /** As far as the server lived to tell. */
  faults = 0;
  evictions = 0;
  rebuilds = 0;
  acts = 0;
  /** What was answered as done, and has to stand in the ledger. */
  answered = 0;
  removals = 0;
  begins = 0;
  /** People who were signed out since the server was away for too long. */
  signedOut = 0;
  #lastHeard = { life: 0, struck: 0 };

  /** The server says how often something has failed in this life of it. */
  hear(life: number, struck: number): void {
    const before = this.#lastHeard.life === life ? this.#lastHeard.struck : 0;
    this.faults += struck - before;
    this.#lastHeard = { life, struck };
  }
}
