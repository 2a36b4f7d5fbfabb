// What a licence type file must hold together beyond its shape: keys that exist, aliases that do not collide, a coding rule
// that expands. Must not read files.
import type { DataItem, LicenceType } from '../../contract/catalogue.ts';
import { matterFields } from '../../contract/intake.ts';
import { judgeCreditCode } from './codes.ts';
import { headingKey } from './heading-key.ts';
import { numberFormatProblem } from './licence-number.ts';

function firstRepeated(values: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) return value;
    seen.add(value);
  }
  return null;
}

function itemProblem(item: DataItem): string | null {
  if ((matterFields as readonly string[]).includes(item.key)) return `item key ${item.key} is reserved`; // widened to compare with any key
  if (item.kind === 'choice' && (item.choices?.length ?? 0) < 2) return `item ${item.key} is a choice without choices`;
  if (item.min !== undefined && item.max !== undefined && item.min > item.max) return `item ${item.key}: min > max`;
  if (item.sharing === 'refused' && !item.sharingBasis) return `item ${item.key}: sharing refused without its legal reason (R07)`;
  return null;
}

/** The first problem of a well-shaped type, in English for the log of the one who made the file, or null. */
export function typeProblem(type: LicenceType): string | null {
  if (type.validTo !== null && type.validTo < type.validFrom) return 'validTo before validFrom';
  if (!type.code.startsWith(type.definingAuthority.code)) return 'code does not begin with the defining authority';
  if (judgeCreditCode(type.definingAuthority.code) !== 'valid') return 'check character of the defining authority is wrong';
  for (const item of type.items) {
    const problem = itemProblem(item);
    if (problem !== null) return problem;
  }
  const key = firstRepeated(type.items.map((i) => i.key));
  if (key !== null) return `item key ${key} twice`;
  const shortName = firstRepeated(type.items.map((i) => i.shortName));
  if (shortName !== null) return `short name ${shortName} twice`;
  const alias = firstRepeated([
    ...type.items.flatMap((i) => [...new Set([i.name, ...i.aliases].map(headingKey))]),
    ...[type.matter.number, type.matter.conclusionDay].flatMap((c) => [...new Set([c.name, ...c.aliases].map(headingKey))]),
    ...new Set(type.coding.aliases.map(headingKey)),
    ...new Set(type.counters.map(headingKey)),
  ]);
  if (alias !== null) return `heading ${alias} leads to two fields`;

  const itemOf = (k: string) => type.items.find((i) => i.key === k);
  if (itemOf(type.holder.name)?.kind !== 'text' || !itemOf(type.holder.name)?.required) return 'holder.name is no required text item';
  const holderCode = itemOf(type.holder.code);
  if (holderCode === undefined || !holderCode.required || !['holderCode', 'citizenId', 'creditCode'].includes(holderCode.kind))
    return 'holder.code is no required code item';
  if (type.validity.kind === 'items') {
    for (const k of [type.validity.from, type.validity.to]) {
      if (k !== null && itemOf(k)?.kind !== 'date') return `validity names ${k}, which is no date item`;
    }
  }
  if (type.coding.source === 'station') return numberFormatProblem(type.coding.format);
  return type.coding.aliases.length === 0 ? 'coding by the business system without a column alias' : null;
}
