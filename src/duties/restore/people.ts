/** Of an older backup people come back as what they are still. */
import { kindOf, ownParts, rowsFor, rowsOf, type TableRow } from './reading.ts';
import type { Restoring } from './steps.ts';

/** Who works here no longer, as the newest has it, comes back disabled. */
export async function asTheyAreStill({ reader, restore }: Restoring, rows: TableRow[]): Promise<TableRow[]> {
  if (restore.number === restore.newest || rowsFor(rows, 'people').length === 0) return rows;
  const now = new Map<unknown, unknown>();
  for (const part of await ownParts(reader, restore.newest)) {
    const lines = await reader.lines(part);
    if (kindOf(lines) === 'tables')
      for (const row of rowsFor(rowsOf(lines), 'people')) now.set(row['id'], row['state']);
  }
  return rows.map(({ table, row }) => {
    const state = table === 'people' ? now.get(row['id']) : 'active';
    const isStill = state === 'active' || state === row['state'];
    return { table, row: isStill ? row : { ...row, state: 'disabled' } };
  });
}
