// Loads rule packs 规则包: provincial differences as dated data.
// Must not hold a rule itself.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { RulePack } from '../../contract/office.ts';
import { StationError } from '../../contract/station-error.ts';
import type { Day, Sha256 } from '../../contract/values.ts';
import { parseDataFile } from './data-file.ts';

export interface LoadedRulePack {
  readonly pack: RulePack;
  readonly file: string;
  /** Of the exact bytes of the file. */
  readonly sha256: Sha256;
}

/** @throws CATALOGUE_INVALID {file, problem} */
export function rulePackOf(file: string, bytes: Uint8Array): LoadedRulePack {
  const pack = parseDataFile(file, bytes, RulePack);
  if (pack.validTo !== null && pack.validTo < pack.validFrom)
    throw new StationError('CATALOGUE_INVALID', { file, problem: 'validTo before validFrom' });
  return { pack, file, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** @throws CATALOGUE_INVALID {file, problem} */
export function loadRulePack(path: string): LoadedRulePack {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new StationError('CATALOGUE_INVALID', { file: basename(path), problem: 'cannot be read' }, { cause });
  }
  return rulePackOf(basename(path), bytes);
}

/** An expired pack still decides for matters of its time (R04), so the caller asks per day. */
export const isRulePackInForce = (pack: RulePack, day: Day): boolean =>
  pack.validFrom <= day && (pack.validTo === null || day <= pack.validTo);
