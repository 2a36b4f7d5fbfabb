// Which keys are plugged in and which registered seal each carries (R23, R34): by certificate hash, never by slot. Decides
// whether a seal may be used now, in words for the custodian. Must not ask for a PIN or a signature.
import { createHash, X509Certificate } from 'node:crypto';
import type { z } from 'zod';
import type { SealEntry } from '../../contract/office.ts';
import { StationError } from '../../contract/station-error.ts';
import type { DriverView, SignatureAlgorithm, TokenCertificate, TokenView } from '../../contract/token.contract.ts';
import type { Instant, Sha256 } from '../../contract/values.ts';
import type { KeysView, SealUse, SealView } from '../../contract/work.ts';
import { addDays, instantOf, localDay, toInstant } from '../platform/clock.ts';
import type { StationContext } from '../station-context.ts';
import { countSealUses, lastSealUse } from '../store/queries/sealing.ts';

export interface SealCertificate {
  readonly der: Uint8Array;
  readonly hash: Sha256;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly algorithm: SignatureAlgorithm | null;
}

/** R28: renewal belongs into the three months before expiry. */
const RENEW_DAYS = 92;

const commonName = (name: string): string => /^CN=(.*)$/m.exec(name)?.[1] ?? name.replaceAll('\n', ', ');

export function readSealCertificate(der: Uint8Array): SealCertificate {
  const certificate = new X509Certificate(der);
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const algorithm =
    asymmetricKeyType === 'rsa'
      ? 'RSA-SHA256'
      : asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1'
        ? 'ECDSA-P256-SHA256'
        : null;
  return {
    der,
    hash: createHash('sha256').update(der).digest('hex'),
    subject: commonName(certificate.subject),
    issuer: commonName(certificate.issuer),
    serialNumber: certificate.serialNumber,
    notBefore: toInstant(Date.parse(certificate.validFrom)),
    notAfter: toInstant(Date.parse(certificate.validTo)),
    algorithm,
  };
}

export const certificatesOf = (seal: SealEntry): readonly SealCertificate[] =>
  seal.certificates.map((base64) => readSealCertificate(Buffer.from(base64, 'base64')));

interface Plugged {
  readonly token: TokenView;
  readonly certificates: readonly TokenCertificate[];
}

export interface KeySurvey {
  readonly drivers: readonly z.infer<typeof DriverView>[];
  readonly plugged: readonly Plugged[];
  readonly problems: KeysView['problems'];
}

/** Asks the token host what is there. A token that does not answer is a problem line, not a failure of the whole. */
export async function surveyKeys(ctx: StationContext): Promise<KeySurvey> {
  const { drivers, tokens, problems } = await ctx.tokens.list({});
  const plugged: Plugged[] = [];
  const lines = problems.map((p) => ({ driver: p.driverName, code: p.code, detail: p.detail }));
  for (const token of tokens) {
    try {
      plugged.push({ token, certificates: await ctx.tokens.certificates({ tokenSerial: token.serial }) });
    } catch (error) {
      if (!(error instanceof StationError)) throw error;
      lines.push({ driver: token.driverName, code: error.code, detail: token.label });
    }
  }
  return { drivers, plugged, problems: lines };
}

export interface SealKey {
  readonly token: TokenView;
  readonly certificate: SealCertificate;
}

/** The key that carries a certificate listed for this seal; where there are two, the longer valid one. */
export function keyOfSeal(seal: SealEntry, survey: KeySurvey): SealKey | undefined {
  const listed = new Map(certificatesOf(seal).map((c) => [c.hash, c]));
  return survey.plugged
    .flatMap(({ token, certificates }) =>
      certificates.flatMap((c) => listed.get(c.certificateHash) ?? []).map((certificate) => ({ token, certificate })),
    )
    .sort((a, b) => (a.certificate.notAfter < b.certificate.notAfter ? 1 : -1))[0];
}

/** A key whose certificate names this seal's owner but is not listed: it was renewed, and the seal must be made anew. */
function unlistedKey(seal: SealEntry, ownerCode: string, survey: KeySurvey): boolean {
  const listed = new Set(certificatesOf(seal).map((c) => c.hash));
  return survey.plugged.some(({ certificates }) =>
    certificates.some((c) => !listed.has(c.certificateHash) && new X509Certificate(c.der).subject.includes(ownerCode)),
  );
}

export function readinessOf(ctx: StationContext, seal: SealEntry, survey: KeySurvey): SealUse {
  const now = instantOf(ctx.clock);
  const key = keyOfSeal(seal, survey);
  if (key === undefined)
    return unlistedKey(seal, ctx.office().issuer(seal.issuerId).code, survey)
      ? 'certificateNotListed'
      : survey.plugged.length === 0 && survey.problems.length > 0
        ? 'driverProblem'
        : 'noKey';
  const today = localDay(ctx.clock.nowMs());
  if (key.certificate.notBefore > now || seal.validFrom > today) return 'notYetValid';
  if (key.certificate.notAfter <= now || seal.validTo < today) return 'expired';
  return key.certificate.notAfter.slice(0, 10) < addDays(today, RENEW_DAYS) ? 'renewSoon' : 'ready';
}

/** Throws what forbids using this seal now; answers its key and certificate otherwise (R12, R28, R34). */
export function requireUsable(ctx: StationContext, seal: SealEntry, survey: KeySurvey): SealKey {
  const key = keyOfSeal(seal, survey);
  const use = readinessOf(ctx, seal, survey);
  if (use === 'certificateNotListed') throw new StationError('SEAL_NOT_BOUND', { seal: seal.name });
  if (key === undefined) throw new StationError('TOKEN_NOT_FOUND', { serial: seal.name });
  if (use === 'expired') throw new StationError('CERTIFICATE_EXPIRED', { until: key.certificate.notAfter.slice(0, 10) });
  if (use === 'notYetValid') throw new StationError('CERTIFICATE_NOT_YET_VALID', { from: key.certificate.notBefore.slice(0, 10) });
  if (key.token.software && ctx.profile !== 'training') throw new StationError('TOKEN_SOFTWARE_REFUSED');
  if (key.token.pin === 'locked') throw new StationError('PIN_LOCKED');
  const { algorithm } = key.certificate;
  if (algorithm === null || !ctx.rulePack.algorithms.includes(algorithm))
    throw new StationError('ALGORITHM_NOT_ALLOWED', { algorithm: algorithm ?? '?' });
  return key;
}

export function keysView(ctx: StationContext, survey: KeySurvey): KeysView {
  const office = ctx.office();
  const carried = new Set<string>();
  const seals = office.setup.seals.map((seal): SealView => {
    const key = keyOfSeal(seal, survey);
    if (key !== undefined) carried.add(key.token.serial);
    return {
      id: seal.id,
      issuerId: seal.issuerId,
      issuerName: office.issuer(seal.issuerId).name,
      name: seal.name,
      kind: seal.kind,
      code: seal.code,
      image: seal.image,
      custodian: office.personName(seal.custodianId),
      validFrom: seal.validFrom,
      validTo: seal.validTo,
      typeIds: [...office.typesOfSeal(seal.id)],
      certificates: certificatesOf(seal).map(({ der: _der, ...shown }) => shown),
      use: readinessOf(ctx, seal, survey),
      key:
        key === undefined
          ? null
          : {
              serial: key.token.serial,
              label: key.token.label,
              driver: key.token.driverName,
              software: key.token.software,
              pin: key.token.pin,
              pinPad: key.token.pinPad,
              certificateHash: key.certificate.hash,
            },
      usedTotal: countSealUses(ctx.db, seal.id),
      lastUsedAt: lastSealUse(ctx.db, seal.id) ?? null,
    };
  });
  const otherKeys = survey.plugged
    .filter(({ token }) => !carried.has(token.serial))
    .map(({ token }) => ({ serial: token.serial, label: token.label, driver: token.driverName, software: token.software }));
  return { seals, otherKeys, problems: survey.problems };
}
