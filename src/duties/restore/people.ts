/** Of an older backup people come back as what they are still. */
import { kindOf, ownParts, rowsFor, rowsOf, type TableRow } from './reading.ts';
import { orThrow, orUndefined, passedOver } from './passing.ts';
import type { Restoring } from './steps.ts';

/** Who works here no longer, as the newest has it, comes back disabled. */
export async function asTheyAreStill({ reader, restore }: Restoring, rows: TableRow[]): Promise<TableRow[]> {
  const passed = await passedOver({ reader, restore });
  if ((restore.number === restore.newest && passed.length === 0) || rowsFor(rows, 'people').length === 0)
    return rows;
  const now = new Map<unknown, unknown>();
  for (const number of [...passed, restore.newest]) {
    const ifReadable = number > restore.newest ? orUndefined : orThrow;
    for (const part of (await ownParts(reader, number).catch(ifReadable)) ?? []) {
      const lines = (await reader.lines(part).catch(ifReadable)) ?? [];
      if (kindOf(lines) === 'tables')
        for (const { id, state } of rowsFor(rowsOf(lines), 'people')) if (!now.has(id)) now.set(id, state);
    }
  }
  return rows.map(({ table, row }) => {
    const state = table === 'people' ? now.get(row['id']) : 'active';
    const isStill = state === 'active' || state === row['state'];
    return { table, row: isStill ? row : { ...row, state: 'disabled' } };
  });
}
