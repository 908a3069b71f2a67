/** Where a browser keeps the sealed queues: rows by person and id, whole rows at a time. */
export interface Row {
  readonly person: string;
  readonly id: string;
  readonly conversation: string;
  /** The tab whose post this is; empty for what belongs to no tab. */
  readonly tab: string;
  readonly box: Uint8Array<ArrayBuffer>;
}

/** Every promise resolves once that is durable, and rejects where storage is denied. */
export interface Store {
  all(person: string): Promise<readonly Row[]>;
  put(row: Row): Promise<void>;
  delete(person: string, id: string): Promise<void>;
  clear(person: string): Promise<void>;
}
