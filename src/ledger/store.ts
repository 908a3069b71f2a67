/**
 * Where the ledger lies. The object's own rows are what it has promised: the newest entries, the tree's right edge,
 * and what was begun. D1 has every entry as one row; R2 the tiles that are full, which never change again.
 */
export { LedgerStore } from './store/own.ts';
export type { Beside, Row, Sealed, Taken } from './store/rows.ts';
export { type Concerned, type KeyPlace, type Late, LedgerTable, type Span } from './store/table.ts';
export { TileBucket } from './store/tiles.ts';
