// Loads and holds the licence catalogue (R04): every version of every type side by side, each valid from day to day.
// Must not know issuers (the provisioning package binds them) nor how a face is drawn.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LicenceType } from '../../contract/catalogue.ts';
import { StationError } from '../../contract/station-error.ts';
import type { Day, Sha256 } from '../../contract/values.ts';
import { typeProblem } from './check-type.ts';
import { parseDataFile } from './data-file.ts';

export interface CatalogueEntry {
  readonly type: LicenceType;
  readonly file: string;
  /** Of the exact bytes of the file. */
  readonly sha256: Sha256;
}

export interface Catalogue {
  /** By type id, then by validFrom. */
  readonly entries: readonly CatalogueEntry[];
}

export interface DataFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** @throws CATALOGUE_INVALID {file, problem} for the first file that is not right, or when two versions of a type overlap. */
export function catalogueOf(files: readonly DataFile[]): Catalogue {
  const entries = files.map(({ file, bytes }): CatalogueEntry => {
    const type = parseDataFile(file, bytes, LicenceType);
    const problem = typeProblem(type);
    if (problem !== null) throw new StationError('CATALOGUE_INVALID', { file, problem });
    return { type, file, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  entries.sort((a, b) => compare(a.type.id, b.type.id) || compare(a.type.validFrom, b.type.validFrom));
  for (const [i, entry] of entries.entries()) {
    const previous = entries[i - 1];
    if (previous?.type.id !== entry.type.id) continue;
    if (previous.type.validTo === null || previous.type.validTo >= entry.type.validFrom)
      throw new StationError('CATALOGUE_INVALID', { file: entry.file, problem: `validity overlaps ${previous.file}` });
    if (entries.some((e) => e !== entry && e.type.id === entry.type.id && e.type.version === entry.type.version))
      throw new StationError('CATALOGUE_INVALID', { file: entry.file, problem: `version ${entry.type.version} twice` });
    if (previous.type.code !== entry.type.code)
      throw new StationError('CATALOGUE_INVALID', { file: entry.file, problem: `type code differs from ${previous.file}` });
  }
  const codes = new Map<string, CatalogueEntry>();
  for (const entry of entries) {
    const other = codes.get(entry.type.code);
    if (other !== undefined && other.type.id !== entry.type.id)
      throw new StationError('CATALOGUE_INVALID', { file: entry.file, problem: `type code also in ${other.file}` });
    codes.set(entry.type.code, entry);
  }
  return { entries };
}

/** Reads every .json in the folder. @throws CATALOGUE_INVALID also when the folder cannot be read or holds no type. */
export function loadCatalogue(dir: string): Catalogue {
  const files = readDataFiles(dir);
  if (files.length === 0) throw new StationError('CATALOGUE_INVALID', { file: dir, problem: 'no licence type in this folder' });
  return catalogueOf(files);
}

function readDataFiles(dir: string): DataFile[] {
  try {
    const names = readdirSync(dir).filter((name) => name.endsWith('.json'));
    return names.sort().map((file) => ({ file, bytes: readFileSync(join(dir, file)) }));
  } catch (cause) {
    throw new StationError('CATALOGUE_INVALID', { file: dir, problem: 'cannot be read' }, { cause });
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const isInForce = (type: LicenceType, day: Day): boolean => type.validFrom <= day && (type.validTo === null || day <= type.validTo);

/** The version in force on a day, normally the conclusion day (R04). @throws TYPE_NOT_IN_CATALOGUE */
export function typeOn(catalogue: Catalogue, typeId: string, day: Day): CatalogueEntry {
  const entry = catalogue.entries.find((e) => e.type.id === typeId && isInForce(e.type, day));
  if (entry === undefined) throw new StationError('TYPE_NOT_IN_CATALOGUE', { type: typeId });
  return entry;
}

/** The version a licence was made with, in force or not: it keeps it for ever. @throws TYPE_NOT_IN_CATALOGUE */
export function typeVersion(catalogue: Catalogue, typeId: string, version: string): CatalogueEntry {
  const entry = catalogue.entries.find((e) => e.type.id === typeId && e.type.version === version);
  if (entry === undefined) throw new StationError('TYPE_NOT_IN_CATALOGUE', { type: typeId });
  return entry;
}

/** One version of each type in force on a day. */
export const typesOn = (catalogue: Catalogue, day: Day): readonly CatalogueEntry[] =>
  catalogue.entries.filter((e) => isInForce(e.type, day));
