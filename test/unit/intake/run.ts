// Runs a file through the whole of intake the way the station does, on the product's own catalogue and rule pack.
import { join } from 'node:path';
import type { ColumnMapping } from '../../../electron/contract/intake.ts';
import { type Catalogue, loadCatalogue, typeOn } from '../../../electron/station/catalogue/catalogue.ts';
import { loadRulePack } from '../../../electron/station/catalogue/rule-pack.ts';
import type { CheckedRow, RowContext } from '../../../electron/station/intake/check-row.ts';
import { checkRows } from '../../../electron/station/intake/check-rows.ts';
import { applyMapping, type MappedTable } from '../../../electron/station/intake/mapping.ts';
import { readTable } from '../../../electron/station/intake/read-table.ts';
import { type RecognisedTable, recogniseTable } from '../../../electron/station/intake/recognise.ts';

const resources = join(import.meta.dirname, '../../../resources');
export const samplePath = (name: string): string => join(resources, 'samples/applications', name);
export const catalogue: Catalogue = loadCatalogue(join(resources, 'catalogue/types'));
export const { pack } = loadRulePack(join(resources, 'rules/hubei-2026.json'));

export const aContext = (over: Partial<RowContext> = {}): RowContext => ({
  today: '2026-11-30',
  typeOn: (day) => catalogue.entries.find((e) => e.type.id === 'zhaijidi' && e.type.validFrom <= day)?.type ?? null,
  missingGlyphs: () => [],
  stateInStore: () => null,
  firstRowInFile: () => null,
  ...over,
});

export interface Checked {
  readonly recognised: RecognisedTable;
  readonly mapped: MappedTable;
  readonly rows: readonly CheckedRow[];
}

export async function checkFile(
  fileName: string,
  bytes: Uint8Array,
  { today, mapping, ...over }: { readonly today: string; readonly mapping?: ColumnMapping } & Partial<RowContext>,
): Promise<Checked> {
  const recognised = await recogniseTable(await readTable(fileName, bytes), { catalogue, pack, today });
  const chosen = mapping ?? recognised.view.mapping;
  if (chosen === null) throw new Error('the type is not clear');
  const mapped = await applyMapping(recognised, chosen);
  const rows: CheckedRow[] = [];
  const context = aContext({ today, typeOn: (day) => typeOn(catalogue, recognised.type.id, day).type, ...over });
  for await (const batch of checkRows(mapped, context)) rows.push(...batch.rows);
  return { recognised, mapped, rows };
}
