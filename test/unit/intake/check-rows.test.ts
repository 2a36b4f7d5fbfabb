import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkRows, countRows } from '../../../electron/station/intake/check-rows.ts';
import { aContext, checkFile, samplePath } from './run.ts';

const sample = () => checkFile('a.csv', readFileSync(samplePath('nongcun-zhaijidi.gb18030.csv')), { today: '2026-11-30' });

describe('intake.checkRows', () => {
  it('yields batches in order with progress, and lets the event loop turn between them', async () => {
    const { mapped } = await sample();
    const rows = Array.from({ length: 1000 }, (_, i) => ({ ...(mapped.rows[i % 40] ?? mapped.rows[0]), row: i + 1 })) as typeof mapped.rows; // 40 < length
    let turns = 0;
    let isRunning = true;
    const count = (): void => {
      turns++;
      if (isRunning) setImmediate(count);
    };
    setImmediate(count);
    const seen: number[] = [];
    const done: number[] = [];
    for await (const batch of checkRows({ ...mapped, rows }, aContext())) {
      seen.push(...batch.rows.map((row) => row.row));
      done.push(batch.done);
      expect(batch.total).toBe(1000);
    }
    isRunning = false;
    expect(seen).toEqual(rows.map((row) => row.row));
    expect(done.at(-1)).toBe(1000);
    expect(turns).toBeGreaterThanOrEqual(done.length);
  });

  it('keeps the first row of a matter good and calls the later ones by it, across batches', async () => {
    const { mapped } = await sample();
    const first = mapped.rows[0];
    if (first === undefined) throw new Error('no row');
    const rows = Array.from({ length: 120 }, (_, i) => ({ ...first, row: i + 1 }));
    const checked = [];
    for await (const batch of checkRows({ ...mapped, rows }, aContext())) checked.push(...batch.rows);
    expect(checked[0]?.faults).toEqual([]);
    expect(checked.slice(1).every((row) => row.faults[0]?.code === 'DUPLICATE_IN_FILE' && row.faults[0].details.firstRow === 1)).toBe(true);
    expect(countRows(checked)).toMatchObject({ rows: 120, faulty: 119, duplicates: 119 });
  });

  it('stops between two batches when asked', async () => {
    const { mapped } = await sample();
    const stop = new AbortController();
    let batches = 0;
    const run = async () => {
      for await (const _ of checkRows(mapped, aContext(), stop.signal)) {
        batches++;
        stop.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(batches).toBe(1);
  });

  it('asks for each character of the fonts once in a run', async () => {
    const { mapped } = await sample();
    const asked: string[] = [];
    const context = aContext({
      missingGlyphs: (text) => {
        asked.push(...text);
        return [];
      },
    });
    for await (const _ of checkRows(mapped, context));
    expect(asked.length).toBeGreaterThan(50);
    expect(new Set(asked).size).toBe(asked.length);
  });
});
