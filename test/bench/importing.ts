// A register through the contract: opened, checked, accepted and submitted, in the real station process.
import { loadCatalogue } from '../../electron/station/catalogue/catalogue.ts';
import { resourcesDir, TODAY } from '../support/fill-workspace.ts';
import { asCsv, asXlsx, madeRegister } from '../support/made-register.ts';
import type { BenchProcesses } from './processes.ts';

export interface ImportFigures {
  readonly openRowsPerSecond: number;
  readonly checkRowsPerSecond: number;
  /** Drafts entered, numbered, rendered, stored. */
  readonly acceptRowsPerSecond: number;
  readonly rowsPerSecond: number;
  readonly longestStallMs: number;
}

/** Signed in as a clerk. The two formats take different types, so that they never repeat each other's matters. */
export async function measureImport(processes: BenchProcesses, format: 'csv' | 'xlsx', rows: number): Promise<ImportFigures> {
  const { client } = processes.station;
  const typeId = format === 'csv' ? 'caifa' : 'guihua';
  const type = loadCatalogue(`${resourcesDir}/catalogue/types`).entries.find((entry) => entry.type.id === typeId)?.type;
  if (type === undefined) throw new Error(`no type ${typeId}`);
  const register = madeRegister(type, rows, TODAY);
  const bytes = format === 'csv' ? asCsv(register) : await asXlsx(register);
  await processes.meter();
  const laps = [performance.now()];
  const { id } = await client.intake.open({ fileName: `bench.${format}`, bytes });
  laps.push(performance.now());
  await processes.finish(await client.intake.check({ importId: id }));
  laps.push(performance.now());
  const { counts } = await client.intake.view({ importId: id });
  if (counts.good !== rows) throw new Error(`of ${rows} rows ${counts.good} are good`);
  const acceptedAt = performance.now();
  await processes.finish(await client.intake.accept({ importId: id, late: null, submit: true }));
  const [beganMs = 0, openedMs = 0, checkedMs = 0] = laps;
  const acceptMs = performance.now() - acceptedAt;
  const { longestStallMs } = await processes.meter();
  const perSecond = (milliseconds: number): number => (rows * 1_000) / milliseconds;
  return {
    openRowsPerSecond: perSecond(openedMs - beganMs),
    checkRowsPerSecond: perSecond(checkedMs - openedMs),
    acceptRowsPerSecond: perSecond(acceptMs),
    rowsPerSecond: perSecond(checkedMs - beganMs + acceptMs),
    longestStallMs,
  };
}
