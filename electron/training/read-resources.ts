// What of the resources an office package names: hash and version of each licence type and of the rule pack, and how long
// serial numbers are. Must not judge the catalogue: the station does.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LicenceType } from '../contract/catalogue.ts';
import { type OfficeSetup, RulePack } from '../contract/office.ts';

export interface OfficeResources {
  readonly catalogue: OfficeSetup['catalogue'];
  readonly rulePack: OfficeSetup['rulePack'];
  /** By type id: code and digits of the serial in the licence number. */
  readonly numbering: ReadonlyMap<string, { readonly typeCode: string; readonly serialDigits: number }>;
  readonly offlineReason: string;
}

/** Hashes are of the exact bytes of the files. */
export function readResources(resourcesDir: string): OfficeResources {
  const types = readJsonFiles(join(resourcesDir, 'catalogue', 'types')).map(({ json, sha256 }) => ({
    type: LicenceType.parse(json),
    sha256,
  }));
  const packs = readJsonFiles(join(resourcesDir, 'rules')).map(({ json, sha256 }) => ({ pack: RulePack.parse(json), sha256 }));
  const newest = packs.sort((a, b) => b.pack.validFrom.localeCompare(a.pack.validFrom))[0];
  const offlineReason = newest?.pack.offlineReasons[0]?.code;
  if (newest === undefined || offlineReason === undefined) throw new Error(`no rule pack in ${resourcesDir}`);
  return {
    catalogue: types.map(({ type, sha256 }) => ({ typeId: type.id, version: type.version, sha256 })),
    rulePack: { id: newest.pack.id, version: newest.pack.version, sha256: newest.sha256 },
    numbering: new Map(types.map(({ type }) => [type.id, { typeCode: type.code, serialDigits: serialDigits(type.coding.format) }])),
    offlineReason,
  };
}

const serialDigits = (format: string): number => Number(/\{serial:(\d+)\}/.exec(format)?.[1] ?? 6);

function readJsonFiles(dir: string): readonly { readonly json: unknown; readonly sha256: string }[] {
  const names = readdirSync(dir).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => {
    const bytes = readFileSync(join(dir, name));
    return { json: JSON.parse(bytes.toString('utf8')), sha256: createHash('sha256').update(bytes).digest('hex') };
  });
}
