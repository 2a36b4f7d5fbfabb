// What a row is judged against: today, the catalogue, the fonts, the store and the other rows of its import.
// Must not judge.
import type { LicenceType } from '../../contract/catalogue.ts';
import { isStationError } from '../../contract/station-error.ts';
import { typeOn } from '../catalogue/catalogue.ts';
import { todayOf } from '../platform/clock.ts';
import type { StationContext } from '../station-context.ts';
import { firstRowOf } from '../store/queries/imports.ts';
import { liveDuplicate } from '../store/queries/licences.ts';
import type { RowContext } from './check-row.ts';

/** `importId`: the import whose other rows count; null for a matter of its own. */
export function rowContext(ctx: StationContext, type: LicenceType, importId: string | null): RowContext {
  const { db, catalogue, clock, renderer } = ctx;
  return {
    today: todayOf(clock),
    typeOn: (day) => {
      try {
        return typeOn(catalogue, type.id, day).type;
      } catch (error) {
        if (isStationError(error, 'TYPE_NOT_IN_CATALOGUE')) return null;
        throw error;
      }
    },
    missingGlyphs: (text) => renderer.missingGlyphs(text),
    stateInStore: (identity) => liveDuplicate(db, identity)?.state ?? null,
    firstRowInFile: (identity, row) => (importId === null ? null : (firstRowOf(db, importId, identity, row) ?? null)),
  };
}
