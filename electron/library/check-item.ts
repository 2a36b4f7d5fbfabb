// Is this item complete and consistent in itself (R03, R05)? Pure; its history and its seal are judged elsewhere.
// Must not touch the database.
import { createHash } from 'node:crypto';
import { readIdentifier } from '../contract/identifier.ts';
import type { LicenceIssuedItem, WireItem } from '../contract/library.ts';
import type { Profile } from '../contract/values.ts';
import { localDayOf } from './local-day.ts';
import { type Refusal, refusal } from './refusals.ts';

/** Null when nothing speaks against it. `file` is the decoded file of an issue. */
export function checkItem(item: WireItem, file: Uint8Array | null, profile: Profile): Refusal | null {
  if (item.profile !== profile) return refusal('profile', profile);
  const identifier = readIdentifier(item.identifier);
  if (identifier === null) return refusal('identifierForm', item.identifier);
  if (identifier.typeCode !== item.typeCode) return refusal('identifierMismatch', 'typeCode');
  if (item.licenceNumber.trim() === '') return refusal('blank', 'licenceNumber');
  switch (item.kind) {
    case 'licence.issued':
      return checkIssued(item, identifier, file);
    case 'licence.status':
      if (item.reason.trim() === '') return refusal('blank', 'reason');
      return item.decidedOn > localDayOf(item.recordedAt) ? refusal('dates', 'decidedOn > recordedAt') : null;
    case 'licence.voided':
      return item.reason.trim() === '' ? refusal('blank', 'reason') : null;
  }
}

function checkIssued(
  item: LicenceIssuedItem,
  identifier: NonNullable<ReturnType<typeof readIdentifier>>,
  file: Uint8Array | null,
): Refusal | null {
  if (identifier.issuerCode !== item.issuerCode) return refusal('identifierMismatch', 'issuerCode');
  if (item.replaces !== null) {
    const replaced = readIdentifier(item.replaces);
    if (replaced === null) return refusal('identifierForm', item.replaces);
    const isNextVersion =
      replaced.typeCode === identifier.typeCode &&
      replaced.issuerCode === identifier.issuerCode &&
      replaced.serial === identifier.serial &&
      replaced.version < identifier.version;
    if (!isNextVersion) return refusal('identifierMismatch', 'replaces');
  } else if (identifier.version !== 1) return refusal('identifierMismatch', 'replaces');

  const named = {
    matterNumber: item.matterNumber,
    'holder.name': item.holder.name,
    'holder.code': item.holder.code,
    offlineReason: item.offlineReason,
  };
  const blank = Object.entries(named).find(([, value]) => value.trim() === '');
  if (blank !== undefined) return refusal('blank', blank[0]);
  const data = Object.entries(item.data);
  if (data.length === 0) return refusal('blank', 'data');
  const blankItem = data.find(([name, value]) => name.trim() === '' || value.trim() === '');
  if (blankItem !== undefined) return refusal('blank', `data.${blankItem[0]}`);

  const sealedOn = localDayOf(item.sealedAt);
  if (sealedOn < item.conclusionDay) return refusal('dates', 'sealedAt < conclusionDay');
  if (item.sealedAt > item.recordedAt) return refusal('dates', 'sealedAt > recordedAt');
  // R01: sealed after its conclusion day only with a reason.
  if (sealedOn > item.conclusionDay && item.late === null) return refusal('blank', 'late');
  if (file === null || createHash('sha256').update(file).digest('hex') !== item.contentHash) return refusal('wrongHash');
  return null;
}
