// Numbers and identifiers for licences at submission: from the station's block or the business system, by the type's coding
// rule (R04, GB/T 36904). A number is taken in the transaction that submits; nothing is reserved in memory.

import { buildIdentifier } from '../../contract/identifier.ts';
import { StationError } from '../../contract/station-error.ts';
import type { Instant } from '../../contract/values.ts';
import type { CatalogueEntry } from '../catalogue/catalogue.ts';
import { licenceNumber } from '../catalogue/licence-number.ts';
import type { StationContext } from '../station-context.ts';
import { count, type ReadDb, sql, type WriteDb } from '../store/database.ts';
import type { LicenceRecord } from '../store/queries/licences.ts';
import { advanceBlock, type BlockRow, insertNumberUse, readBlocks } from '../store/queries/workspace.ts';

export interface PlannedNumber {
  readonly serial: number | null;
  readonly number: string;
  readonly identifier: string;
  /** The block it comes from; null where the number was there before or comes from the business system. */
  readonly block: BlockRow | null;
}

/** In training every number begins so: no range of training and production can meet (trap 56). */
const TRAINING_MARK = '演练';

/**
 * The numbers the next submissions would get, in order, without taking them. `planned` counts those already planned
 * for the same type and year in this round, and holds the business system's numbers given in it.
 */
export function planNumber(
  ctx: StationContext,
  licence: LicenceRecord,
  entry: CatalogueEntry,
  planned: Map<string, number>,
): PlannedNumber {
  if (licence.number !== null && licence.identifier !== null)
    return { serial: licence.serial, number: licence.number, identifier: licence.identifier, block: null };
  const { type } = entry;
  const { issuer } = ctx.office().bindingOf(type.id);
  const year = Number(licence.conclusionDay.slice(0, 4));
  const identifierOf = (serial: string): string =>
    buildIdentifier({ typeCode: type.code, issuerCode: issuer.code, serial, version: licence.version });
  const mark = ctx.profile === 'training' ? TRAINING_MARK : '';
  const { stationId } = ctx.office().setup;
  if (type.coding.source === 'business') {
    const given = licence.valuesJson.licenceNumber ?? '';
    if (given === '') throw new StationError('INPUT_INVALID', { field: 'licenceNumber', problem: 'missing' });
    const number = `${mark}${given}`;
    const inRound = `${type.code} ${number}`;
    const isTaken =
      planned.has(inRound) ||
      count(ctx.db, sql`SELECT count(*) FROM licence WHERE type_code = ${type.code} AND number = ${number} AND id <> ${licence.id}`) > 0;
    if (isTaken) throw new StationError('NUMBER_TAKEN', { number });
    planned.set(inRound, 1);
    return { serial: null, number, identifier: identifierOf(`${stationId}${licence.id.replaceAll('-', '').toUpperCase()}`), block: null };
  }
  const key = `${type.code} ${year}`;
  const ahead = planned.get(key) ?? 0;
  const block = blockAhead(ctx.db, type.code, year, ahead);
  if (block === undefined) throw new StationError('NUMBERS_EXHAUSTED', { type: type.id });
  planned.set(key, ahead + 1);
  const serial = block.next;
  return {
    serial,
    number: `${mark}${licenceNumber(type.id, type.coding.format, { regionCode: issuer.regionCode, year, serial })}`,
    identifier: identifierOf(`${stationId}${year}${String(serial).padStart(8, '0')}`),
    block,
  };
}

/** The block the number after `ahead` more comes from, with `next` moved on to it. */
function blockAhead(db: ReadDb, typeCode: string, year: number, ahead: number): BlockRow | undefined {
  let remaining = ahead;
  for (const block of readBlocks(db)) {
    if (block.typeCode !== typeCode || block.year !== year || block.next > block.last) continue;
    const left = block.last + 1 - block.next;
    if (remaining < left) return { ...block, next: block.next + remaining };
    remaining -= left;
  }
  return undefined;
}

/** Takes the planned number; STATE_CONFLICT where the block moved meanwhile, and then nothing of the transaction stays. */
export function takeNumber(db: WriteDb, licence: LicenceRecord, planned: PlannedNumber, at: Instant): void {
  if (planned.block === null || planned.serial === null) return;
  const { typeCode, year } = planned.block;
  const isThere = count(db, sql`SELECT count(*) FROM number_block WHERE id = ${planned.block.id} AND next = ${planned.serial}`) === 1;
  if (!isThere) throw new StationError('STATE_CONFLICT', { state: 'number' });
  insertNumberUse(db, { typeCode, year, serial: planned.serial, licenceId: licence.id, number: planned.number, at });
  advanceBlock(db, planned.block);
}
