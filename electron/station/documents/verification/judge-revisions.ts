// Which signature covers which revision, what each later revision added, and whether it was allowed to.
// Must not verify cryptography: whether a signature is right is check-seal's business.
import type { FindingCode, RevisionView } from '../../../contract/verification.ts';
import { type Comparison, compareRevisions, type Permission, permissionOf } from '../revisions/compare-revisions.ts';
import { type Revision, stateAfter } from '../revisions/read-file.ts';
import { signatureFields } from '../revisions/signature-fields.ts';
import { dictionaryOf } from '../revisions/walk-objects.ts';
import type { SealCheck } from './check-seal.ts';
import type { SignatureDictionary } from './find-signatures.ts';

export interface RevisionJudgement {
  readonly findings: readonly FindingCode[];
  readonly views: readonly RevisionView[];
  /** Name of each signature's field, in the order of the signatures. */
  readonly fields: readonly string[];
  /** Behind the first signed revision; null when no signature covers one. */
  readonly firstSignedEnd: number | null;
}

interface Place {
  /** The revision a signature covers exactly; null when it covers none. */
  readonly revision: number | null;
  readonly object: number | null;
}

/** `at`: now, for the end of an annotated copy's validity. */
export function judgeRevisions(
  text: string,
  revisions: readonly Revision[],
  dictionaries: readonly (SignatureDictionary | null)[],
  seals: readonly SealCheck[],
  at: string,
): RevisionJudgement {
  const findings = new Set<FindingCode>();
  const places = dictionaries.map((dictionary, index) => placeOf(revisions, dictionary, seals[index]?.coveredUntil ?? 0));
  const fields = fieldNames(revisions, places, findings);
  const covered = places.flatMap(({ revision }) => (revision === null ? [] : [revision]));
  // A signature whose byte range is unusable has its own finding.
  const usable = seals.filter(({ coveredUntil }) => coveredUntil > 0).length;
  if (covered.length < usable || new Set(covered).size < covered.length) findings.add('SIGNATURE_MISPLACED');
  const first = covered.length === 0 ? null : Math.min(...covered);
  const views: RevisionView[] = [];
  for (const [index, revision] of revisions.entries()) {
    const signature = places.findIndex((place) => place.revision === index);
    const comparison = first === null || index <= first ? null : compare(text, revisions, index);
    if (comparison !== null) {
      const isTimestamp = seals[signature]?.kind === 'timestamp';
      const signedObject = places[signature]?.object ?? null;
      for (const code of judgeLater(comparison, revisions, index, signedObject, isTimestamp, at)) findings.add(code);
    }
    views.push({
      endsAtByte: revision.end,
      signature: signature < 0 ? null : signature,
      changes: comparison === null ? (index === 0 ? [{ kind: 'original' }] : []) : [...comparison.changes],
      refused: comparison === null ? [] : [...comparison.refused],
    });
  }
  const last = revisions.length - 1;
  const isTailKept = first !== null && views.slice(Math.max(...covered) + 1).every(isKeepingOnly);
  if (usable > 0 && !covered.includes(last) && !isTailKept) findings.add('BYTES_AFTER_SIGNATURE');
  const firstSeal = places.findIndex((place) => place.revision === first && first !== null);
  return { findings: [...findings], views, fields, firstSignedEnd: firstSeal < 0 ? null : (seals[firstSeal]?.coveredUntil ?? null) };
}

/** Certificates and lists for long keeping may be added without a signature (ETSI EN 319 142-1 §5.4). */
const isKeepingOnly = (view: RevisionView): boolean =>
  view.refused.length === 0 && view.changes.length > 0 && view.changes.every(({ kind }) => kind === 'longTermData');

function placeOf(revisions: readonly Revision[], dictionary: SignatureDictionary | null, coveredUntil: number): Place {
  if (dictionary === null) return { revision: null, object: null };
  const home = revisions.findIndex(({ start, end }) => dictionary.at >= start && dictionary.at < end);
  const object = [...(revisions[home]?.objects.values() ?? [])].find(({ start, end }) => dictionary.at > start && dictionary.at < end);
  const revision = revisions[home];
  // Some programs leave out the line end behind %%EOF; the file's very end must be covered all the same.
  const isCovered =
    revision !== undefined && (coveredUntil === revision.end || (coveredUntil === revision.markerEnd && home < revisions.length - 1));
  return { revision: isCovered ? home : null, object: object?.number ?? null };
}

/** Every signature is the value of one field, and every field's value is a signature that was read. */
function fieldNames(revisions: readonly Revision[], places: readonly Place[], findings: Set<FindingCode>): readonly string[] {
  const last = revisions.length - 1;
  const state = stateAfter(revisions, last);
  const catalog = dictionaryOf(state, revisions[last]?.trailer.entries.get('Root'));
  const all = catalog === null ? null : signatureFields(state, catalog);
  if (all === null) {
    findings.add('STRUCTURE_BROKEN');
    return places.map(() => '');
  }
  const signed = all.filter(({ value }) => value !== undefined && value.kind !== 'null');
  for (const { value } of signed) {
    const known = value?.kind === 'reference' && places.some(({ object }) => object === value.object);
    if (!known) findings.add('SIGNATURE_UNREADABLE');
  }
  return places.map(({ object }) => {
    const holders = signed.filter(({ value }) => value?.kind === 'reference' && value.object === object);
    if (holders.length !== 1) findings.add('SIGNATURE_MISPLACED');
    return holders[0]?.name ?? '';
  });
}

function compare(text: string, revisions: readonly Revision[], index: number): Comparison | null {
  const [before, revision] = [revisions[index - 1], revisions[index]];
  if (before === undefined || revision === undefined) return null;
  return compareRevisions(text, stateAfter(revisions, index - 1), stateAfter(revisions, index), revision, before.trailer);
}

function judgeLater(
  comparison: Comparison,
  revisions: readonly Revision[],
  index: number,
  signedObject: number | null,
  isTimestamp: boolean,
  at: string,
): readonly FindingCode[] {
  const findings: FindingCode[] = [...comparison.refused];
  const { signed, copy, changes } = comparison;
  if (signed.length > 1 || (signed[0] ?? null) !== signedObject) findings.push('SIGNATURE_MISPLACED');
  if (copy !== null && (signedObject === null || isTimestamp)) findings.push('COPY_NOT_SIGNED');
  if (copy !== null && copy.until !== '' && copy.until < localDigits(at)) findings.push('COPY_EXPIRED');
  const root = revisions[index]?.trailer.entries.get('Root');
  const permission = permissionOf(stateAfter(revisions, index - 1), root);
  if (changes.some(({ kind }) => !isPermitted(kind, permission))) findings.push('CERTIFICATION_FORBIDS');
  return findings;
}

/** Spec: ISO 32000-2 §12.8.2.2, Table 257: keeping material and time stamps are always permitted. */
function isPermitted(kind: RevisionView['changes'][number]['kind'], permission: Permission): boolean {
  if (permission === null || permission === 3 || kind === 'longTermData' || kind === 'timestampAdded') return true;
  return permission === 2 && kind === 'signatureAdded';
}

/** 14 digits in the station's zone (UTC+8), as annotated copies write their times. */
const localDigits = (instant: string): string =>
  new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 19).replace(/\D/g, '');
