// Puts a made office together as the setup a provisioning package carries. Pure: keys and certificates come from outside.
import type { z } from 'zod';
import { type NumberBlock, OfficeSetup, type SealEntry } from '../contract/office.ts';
import type { Instant } from '../contract/values.ts';
import { readCertificate } from '../station/documents/verification/read-certificate.ts';
import { localDayOf } from '../station/platform/clock.ts';
import type { OfficeResources } from './read-resources.ts';
import { CUSTODIAN_ID, issuerPlans, type MadeProfile, personPlans, profilePlans, REGION_CODE } from './training-office.ts';

export interface SetupParts {
  readonly profile: MadeProfile;
  readonly sequence: number;
  readonly issuedAt: Instant;
  readonly rootDer: Uint8Array;
  /** DER by issuer id. */
  readonly certificates: ReadonlyMap<string, Uint8Array>;
  /** Stored form by person id. */
  readonly passphraseHashes: ReadonlyMap<string, string>;
  readonly library: { readonly url: string; readonly receiptKeyDer: Uint8Array };
  readonly resources: OfficeResources;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const need = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`made office lacks ${what}`);
  return value;
};

export function officeSetup(parts: SetupParts): OfficeSetup {
  const plan = profilePlans[parts.profile];
  const [unit] = issuerPlans;
  const first = need(unit, 'an issuer');
  return OfficeSetup.parse({
    kind: 'banjie.office',
    version: 1,
    profile: parts.profile,
    sequence: parts.sequence,
    issuedAt: parts.issuedAt,
    stationId: plan.stationId,
    unit: { name: first.name, nameEn: first.nameEn, code: first.code, regionCode: REGION_CODE, closesAt: '17:30' },
    issuers: issuerPlans.map(({ id, name, nameEn, code }) => ({ id, name, nameEn, code, regionCode: REGION_CODE })),
    people: personPlans.map((person) => ({ ...person, passphrase: need(parts.passphraseHashes.get(person.id), person.id) })),
    seals: issuerPlans.map((issuer, index) => seal(parts, issuer.id, issuer.name, index)),
    bindings: issuerPlans.map(({ id, typeId }) => ({ typeId, issuerId: id, sealId: sealId(id) })),
    trustAnchors: [base64(parts.rootDer)],
    library: { name: plan.libraryName, url: parts.library.url, receiptKey: base64(parts.library.receiptKeyDer) },
    blocks: blocks(parts),
    catalogue: parts.resources.catalogue,
    rulePack: parts.resources.rulePack,
    offlineReason: parts.resources.offlineReason,
  });
}

const sealId = (issuerId: string): string => `seal-${issuerId}`;

/** A round statutory-name seal with a star, 42 mm as township and county organs have them (R23); it ends with its certificate (R28). */
function seal(parts: SetupParts, issuerId: string, name: string, index: number): z.input<typeof SealEntry> {
  const certificate = need(parts.certificates.get(issuerId), `certificate of ${issuerId}`);
  const { validFrom, validTo } = readCertificate(certificate);
  return {
    id: sealId(issuerId),
    issuerId,
    kind: 'statutory',
    name: `${name}印章`,
    code: `${profilePlans[parts.profile].sealCodePrefix}${String(index + 1).padStart(6, '0')}`,
    image: { format: 'round', diameterMm: 42, ringText: name, centre: 'star', lowerText: '' },
    certificates: [base64(certificate)],
    custodianId: CUSTODIAN_ID,
    validFrom: localDayOf(validFrom),
    validTo: localDayOf(validTo),
  };
}

/** Up to 100,000 serials a type and year: the lowest for acceptance, the highest for training, half each where digits are few. */
function blocks(parts: SetupParts): NumberBlock[] {
  const { stationId, block } = profilePlans[parts.profile];
  const years = [...new Set([2026, Number(localDayOf(parts.issuedAt).slice(0, 4))])];
  return issuerPlans.flatMap(({ typeId }) => {
    const { typeCode, serialDigits } = need(parts.resources.numbering.get(typeId), `type ${typeId}`);
    const highest = 10 ** serialDigits - 1;
    const size = Math.min(100_000, Math.floor(highest / 2));
    const [first, last] = block === 'low' ? [1, size] : [highest - size + 1, highest];
    return years.map((year) => ({ id: `${stationId}-${typeId}-${year}`, typeCode, year, first, last }));
  });
}
