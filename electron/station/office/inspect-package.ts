// What a provisioning package says and how it would fit this station, for the person who compares it with the authority's
// letter (R04, R25). Must not store or apply: station.ts does, and checks everything again.
import type { OfficePackageView } from '../../contract/people.ts';
import { StationError } from '../../contract/station-error.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { readUntrusted } from './read-provisioning.ts';

/** Far above any office: seal pictures are the bulk of a package. */
const LIMIT_BYTES = 16 * 1_048_576;

export interface Ours {
  readonly catalogue: Catalogue;
  readonly rulesSha256: string;
  readonly inForce: { readonly sequence: number; readonly authorityFingerprint: string } | undefined;
}

/** Throws PACKAGE_INVALID {problem} for what is no package with a right signature. */
export function inspectPackage(file: Uint8Array, { catalogue, rulesSha256, inForce }: Ours): OfficePackageView {
  if (file.length > LIMIT_BYTES) throw new StationError('PACKAGE_INVALID', { problem: 'tooLarge' });
  const { setup, fingerprint } = readUntrusted(file);
  return {
    fingerprint,
    profile: setup.profile,
    sequence: setup.sequence,
    issuedAt: setup.issuedAt,
    stationId: setup.stationId,
    unit: { name: setup.unit.name, nameEn: setup.unit.nameEn },
    issuers: setup.issuers.map(({ name, nameEn }) => ({ name, nameEn })),
    seals: setup.seals.map(({ name, custodianId, validTo }) => ({
      name,
      custodian: setup.people.find(({ id }) => id === custodianId)?.name ?? custodianId,
      validTo,
    })),
    people: setup.people.map(({ id, name, roles, headOfOffice }) => ({ id, name, roles, headOfOffice })),
    library: { name: setup.library.name, url: setup.library.url },
    types: setup.catalogue.map(({ typeId, version, sha256 }) => {
      const own = catalogue.entries.find(({ type }) => type.id === typeId && type.version === version);
      const known = own ?? catalogue.entries.find(({ type }) => type.id === typeId);
      return { name: known?.type.name ?? typeId, nameEn: known?.type.nameEn ?? typeId, version, fits: own?.sha256 === sha256 };
    }),
    rulePack: { id: setup.rulePack.id, version: setup.rulePack.version, fits: setup.rulePack.sha256 === rulesSha256 },
    inForce: inForce === undefined ? null : { sequence: inForce.sequence, sameAuthority: inForce.authorityFingerprint === fingerprint },
  };
}
