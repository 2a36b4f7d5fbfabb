// Arranges by the station's own calls what a test does not want to click for: who sits here, registers taken in and approved.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { PersonId } from '../../../electron/contract/values.ts';
import { at, PASSPHRASE, type PersonKey, people } from '../screens/frame.ts';
import type { WindowCalls } from './bridge.ts';
import { SAMPLES, type Station } from './open-station.ts';

const ids: Readonly<Record<PersonKey, string>> = { clerk: 'wangfang', reviewer: 'liguohua', custodian: 'zhangmin', auditor: 'chenjing' };
const LATE = { code: 'no-station-yet', note: '' };
const JOB_LIMIT_MS = 60_000;

export const beAt = (calls: WindowCalls, person: PersonKey) =>
  calls.session.signIn({ personId: PersonId.parse(ids[person]), passphrase: PASSPHRASE });

/** The same, and the window has seen it: its tabs are this person's. */
export async function sitDown({ calls, page }: Station, person: PersonKey): Promise<void> {
  await beAt(calls, person);
  await at(page, 'person').getByText(people[person]).waitFor();
}

async function finish(calls: WindowCalls, { id }: { readonly id: string }): Promise<void> {
  const stateOf = async () => (await calls.jobs.list({})).find((job) => job.id === id)?.state;
  await expect.poll(stateOf, { timeout: JOB_LIMIT_MS }).toBe('done');
}

/** As the clerk: every good row of this register is submitted. */
export async function submitRegister(
  calls: WindowCalls,
  fileName: string,
  bytes = new Uint8Array(readFileSync(path.join(SAMPLES, fileName))),
): Promise<void> {
  await beAt(calls, 'clerk');
  const { id: importId } = await calls.intake.open({ fileName, bytes });
  await finish(calls, await calls.intake.check({ importId }));
  await finish(calls, await calls.intake.accept({ importId, late: LATE, submit: true }));
}

/** As the reviewer: everything submitted is approved, with the sample seen. Answers how many. */
export async function approveEverything(calls: WindowCalls): Promise<number> {
  await beAt(calls, 'reviewer');
  const { rows } = await calls.review.queue({ typeId: null });
  const items = [];
  for (const { id } of rows) {
    const { approvedHash } = await calls.licences.view({ id });
    if (approvedHash === null) throw new Error('submitted without a hash');
    items.push({ id, approvedHash });
  }
  const { needed } = await calls.review.sample({ ids: items.map(({ id }) => id) });
  for (const item of items.slice(0, needed)) await calls.review.shown(item);
  const { outcomes } = await calls.review.approve({ items, count: items.length });
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  return outcomes.length;
}

/** A register of the first rows of a sample, byte for byte, heading included (rows from 1). */
export function someRows(fileName: string, rows: readonly number[]): Uint8Array<ArrayBuffer> {
  const lines = readFileSync(path.join(SAMPLES, fileName), 'latin1').split('\n');
  return new Uint8Array(Buffer.from(`${[0, ...rows].map((row) => lines[row]?.replace('\r', '')).join('\r\n')}\r\n`, 'latin1'));
}
