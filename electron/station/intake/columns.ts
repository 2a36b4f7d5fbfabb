// Gives each heading of a register its verdict: matched to a field, unmatched, not allowed to be kept (R06), or a counter.
// Must not look at values.
import { createHash } from 'node:crypto';
import type { LicenceType } from '../../contract/catalogue.ts';
import type { ColumnMapping, ColumnView } from '../../contract/intake.ts';
import type { RulePack } from '../../contract/office.ts';
import type { Sha256 } from '../../contract/values.ts';
import { headingKey } from '../catalogue/heading-key.ts';
import { fieldsOf } from './fields.ts';

/** Same hash, same headings in the same order: a kept mapping fits. */
export const headingsHash = (headings: readonly string[]): Sha256 =>
  createHash('sha256').update(headings.map(headingKey).join('\u001f'), 'utf8').digest('hex');

/**
 * A heading the type's standard names is allowed whatever the pack says; otherwise one that contains a listed heading is
 * not, so that 联系电话（手机） falls under 联系电话. Each field takes the first column that names it.
 */
export function matchColumns(type: LicenceType, pack: RulePack, headings: readonly string[], mapping: ColumnMapping | null): ColumnView[] {
  const fields = fieldsOf(type);
  const counters = new Set(type.counters.map(headingKey));
  const never = pack.neverCollect.map(headingKey);
  const keys = new Set(fields.map((f) => f.key));
  // A kept mapping may be older than the type: fields it no longer has are passed over.
  const mappedField = new Map(
    Object.entries(mapping?.columns ?? {}).flatMap(([field, column]) => (keys.has(field) ? [[column, field]] : [])),
  );
  const taken = new Set<string>();
  return headings.map((heading, index): ColumnView => {
    const key = headingKey(heading);
    const field = fields.find((f) => f.headings.has(key));
    if (field === undefined && never.some((n) => key.includes(n))) return { index, heading, verdict: 'notAllowed', field: null };
    const chosen = mapping === null ? field?.key : mappedField.get(index);
    if (chosen !== undefined && !taken.has(chosen)) {
      taken.add(chosen);
      return { index, heading, verdict: 'matched', field: chosen };
    }
    return { index, heading, verdict: counters.has(key) ? 'counter' : 'unmatched', field: null };
  });
}

export function mappingOf(typeId: string, headings: readonly string[], columns: readonly ColumnView[]): ColumnMapping {
  const pairs = columns.flatMap((c) => (c.field === null ? [] : [[c.field, c.index] as const]));
  return { typeId, headingsHash: headingsHash(headings), columns: Object.fromEntries(pairs) };
}
