// What the schema of an office setup cannot say: that its parts fit together. The first misfit as a short technical phrase, or null.
// Must not read files nor trust anything outside the setup.
import type { NumberBlock, OfficeSetup, SealEntry } from '../../contract/office.ts';
import { judgeCreditCode } from '../catalogue/codes.ts';
import { findPath } from '../documents/verification/check-chain.ts';
import { DerError } from '../documents/verification/der.ts';
import { type Certificate, readCertificate } from '../documents/verification/read-certificate.ts';
import { localDayOf } from '../platform/clock.ts';

type Check = (setup: OfficeSetup) => string | null;

const checks: readonly Check[] = [uniqueIds, creditCodes, bindings, certificates, blocks, people, profile];

/** Null when the setup can be worked with. */
export function officeProblem(setup: OfficeSetup): string | null {
  for (const check of checks) {
    const problem = check(setup);
    if (problem !== null) return problem;
  }
  return null;
}

function uniqueIds(setup: OfficeSetup): string | null {
  const groups: Readonly<Record<string, readonly string[]>> = {
    issuer: setup.issuers.map(({ id }) => id),
    person: setup.people.map(({ id }) => id),
    seal: setup.seals.map(({ id }) => id),
    binding: setup.bindings.map(({ typeId }) => typeId),
    block: setup.blocks.map(({ id }) => id),
    'catalogue entry': setup.catalogue.map(({ typeId, version }) => `${typeId}@${version}`),
  };
  for (const [what, ids] of Object.entries(groups)) {
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) return `${what} ${twice} is there twice`;
  }
  return null;
}

function creditCodes(setup: OfficeSetup): string | null {
  const wrong = [setup.unit.code, ...setup.issuers.map(({ code }) => code)].find((code) => judgeCreditCode(code) !== 'valid');
  return wrong === undefined ? null : `credit code ${wrong} is wrong`;
}

/** Invariant: a type can only ever get the seal of its own issuer. */
function bindings(setup: OfficeSetup): string | null {
  for (const { id, issuerId, custodianId } of setup.seals) {
    if (!setup.issuers.some((issuer) => issuer.id === issuerId)) return `seal ${id}: issuer ${issuerId} is unknown`;
    const custodian = setup.people.find((person) => person.id === custodianId);
    if (!custodian?.roles.includes('custodian')) return `seal ${id}: ${custodianId} is no custodian`;
  }
  for (const { typeId, issuerId, sealId } of setup.bindings) {
    if (!setup.catalogue.some((entry) => entry.typeId === typeId)) return `binding ${typeId}: not in the catalogue`;
    const seal = setup.seals.find(({ id }) => id === sealId);
    if (seal === undefined) return `binding ${typeId}: seal ${sealId} is unknown`;
    if (seal.issuerId !== issuerId) return `binding ${typeId}: seal ${sealId} belongs to ${seal.issuerId}`;
  }
  return null;
}

function certificates(setup: OfficeSetup): string | null {
  const anchors: Certificate[] = [];
  for (const encoded of setup.trustAnchors) {
    const anchor = read(encoded);
    if (anchor === null || !anchor.isAuthority) return 'a trust anchor is no certificate of an authority';
    anchors.push(anchor);
  }
  for (const seal of setup.seals) {
    for (const encoded of seal.certificates) {
      const problem = sealCertificateProblem(setup, seal, read(encoded), anchors);
      if (problem !== null) return `seal ${seal.id}: ${problem}`;
    }
  }
  return null;
}

function sealCertificateProblem(
  setup: OfficeSetup,
  seal: SealEntry,
  certificate: Certificate | null,
  anchors: readonly Certificate[],
): string | null {
  if (certificate === null) return 'certificate cannot be read';
  if (findPath(certificate, [], anchors) === null) return 'certificate does not chain to a trust anchor';
  const code = setup.issuers.find(({ id }) => id === seal.issuerId)?.code;
  if (certificate.subjectCode !== '' && certificate.subjectCode !== code) return 'certificate is of another unit';
  // R28: a seal is valid no longer than its certificate.
  if (
    seal.validFrom > seal.validTo ||
    seal.validFrom < localDayOf(certificate.validFrom) ||
    seal.validTo > localDayOf(certificate.validTo)
  ) {
    return 'valid longer than its certificate';
  }
  return null;
}

function read(encoded: string): Certificate | null {
  try {
    return readCertificate(Buffer.from(encoded, 'base64'));
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

function blocks(setup: OfficeSetup): string | null {
  const overlap = (a: NumberBlock, b: NumberBlock): boolean =>
    a !== b && a.typeCode === b.typeCode && a.year === b.year && a.first <= b.last && b.first <= a.last;
  for (const block of setup.blocks) {
    if (block.first > block.last) return `block ${block.id} is empty`;
    const other = setup.blocks.find((each) => overlap(block, each));
    if (other !== undefined) return `blocks ${block.id} and ${other.id} overlap`;
  }
  return null;
}

/** Three different people must be able to enter, approve and seal; head of office is a right of a reviewer. */
function people(setup: OfficeSetup): string | null {
  const having = (role: OfficeSetup['people'][number]['roles'][number]) => setup.people.filter(({ roles }) => roles.includes(role));
  const isCovered = having('clerk').some((clerk) =>
    having('reviewer').some(
      (reviewer) => reviewer !== clerk && having('custodian').some((custodian) => custodian !== clerk && custodian !== reviewer),
    ),
  );
  if (!isCovered) return 'no three people for clerk, reviewer and custodian';
  const heads = setup.people.filter(({ headOfOffice }) => headOfOffice);
  if (heads.length === 0) return 'no head of office';
  return heads.every(({ roles }) => roles.includes('reviewer')) ? null : 'the head of office is no reviewer';
}

const madeRoots = { training: 'TRAINING', acceptance: 'ACCEPTANCE' } as const;

/** A root made for training serves training only, and production draws no seal of its own (R24, R25). */
function profile(setup: OfficeSetup): string | null {
  for (const encoded of setup.trustAnchors) {
    const name = read(encoded)?.commonName ?? '';
    for (const [made, mark] of Object.entries(madeRoots)) {
      if (name.includes(mark) && setup.profile !== made) return `a root of ${made} in a package of ${setup.profile}`;
    }
  }
  const drawn = setup.seals.find(({ image }) => image.format === 'round');
  return setup.profile === 'production' && drawn !== undefined ? `seal ${drawn.id}: its picture does not come from seal data` : null;
}
