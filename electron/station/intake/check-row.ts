// Judges one row of a register, or one matter typed in the form: the same rules for both (R05, R06).
// Must not throw for bad values: faults are data of the row. Order of faults: fields as in the standard, then the row's own.
import type { LicenceType } from '../../contract/catalogue.ts';
import type { FieldKey, Normalisation, RowFault, RowView } from '../../contract/intake.ts';
import { StationError } from '../../contract/station-error.ts';
import type { Day } from '../../contract/values.ts';
import { type HolderCodeType, holderCodeType } from '../catalogue/codes.ts';
import type { MissingGlyphs } from './characters.ts';
import { type CheckedValue, checkValue } from './check-value.ts';
import { type Field, fieldsOf } from './fields.ts';
import type { MappedRow } from './mapping.ts';

/** What makes two rows the same matter (R05): holder, type and matter number, after normalisation. */
export interface MatterIdentity {
  readonly typeId: string;
  readonly holderCode: string;
  readonly matterNumber: string;
}

export interface RowContext {
  readonly today: Day;
  /** The version of the type in force on a conclusion day (R04); null when none was. */
  readonly typeOn: (day: Day) => LicenceType | null;
  readonly missingGlyphs: MissingGlyphs;
  /** State of a matter already in the store, or null. Called once for each row whose identity is complete. */
  readonly stateInStore: (identity: MatterIdentity) => string | null;
  /** The row of this file that held the matter first, or null when this is the first. */
  readonly firstRowInFile: (identity: MatterIdentity, row: number) => number | null;
}

export interface CheckedRow extends RowView {
  /** null while holder code or matter number is missing. */
  readonly identity: MatterIdentity | null;
  /** GB/T 36903 annex A; null when the code is not valid. */
  readonly holderCodeType: HolderCodeType | null;
  /** Version of the type in force on the conclusion day (R04), else of the type asked for. */
  readonly typeVersion: string;
}

const fieldsByType = new WeakMap<LicenceType, readonly Field[]>();

/** The same value for the same type; kept because it is asked for with each row. */
function cachedFields(type: LicenceType): readonly Field[] {
  const known = fieldsByType.get(type);
  if (known !== undefined) return known;
  const fields = fieldsOf(type);
  fieldsByType.set(type, fields);
  return fields;
}

/** `type` is the version the columns were matched to. */
export function checkRow(type: LicenceType, mapped: MappedRow, context: RowContext): CheckedRow {
  const conclusion = cachedFields(type).find((f) => f.key === 'conclusionDay');
  const day = conclusion === undefined ? null : checkValue(conclusion, mapped.cells.conclusionDay ?? '', { type, ...context });
  const versionInForce = day?.fault === null ? context.typeOn(day.value) : type;
  const version = versionInForce ?? type;

  const values: Record<FieldKey, string> = {};
  const normalisations: Normalisation[] = [];
  const faults: RowFault[] = [];
  for (const field of cachedFields(version)) {
    const from = mapped.cells[field.key] ?? '';
    const checked: CheckedValue = field === conclusion && day !== null ? day : checkValue(field, from, { type: version, ...context });
    values[field.key] = checked.value;
    if (checked.value !== from) normalisations.push({ field: field.key, from, to: checked.value, kinds: [...checked.kinds] });
    if (checked.fault !== null) faults.push(checked.fault);
  }
  const { conclusionDay = '', matterNumber = '' } = values;
  if (day?.fault === null && conclusionDay > context.today)
    faults.push({ code: 'CONCLUDED_IN_FUTURE', field: 'conclusionDay', details: { field: 'conclusionDay', value: conclusionDay } });
  if (versionInForce === null) faults.push({ code: 'TYPE_NOT_IN_CATALOGUE', field: 'conclusionDay', details: { type: type.id } });
  const order = validityFault(version, values, faults);
  if (order !== null) faults.push(order);
  if (mapped.surplusCells > 0) faults.push({ code: 'ROW_SHAPE_WRONG', field: null, details: { cells: mapped.surplusCells } });

  const holderCode = values[version.holder.code] ?? '';
  const identity = holderCode === '' || matterNumber === '' ? null : { typeId: type.id, holderCode, matterNumber };
  if (identity !== null) {
    const repeated = repetition(identity, mapped.row, context);
    if (repeated !== null) faults.push(repeated);
  }
  return {
    row: mapped.row,
    fileRow: mapped.fileRow,
    verdict: faults.length > 0 ? 'faulty' : normalisations.length > 0 ? 'normalised' : 'good',
    values,
    normalisations,
    faults,
    identity,
    holderCodeType: holderCodeType(holderCode),
    typeVersion: version.version,
  };
}

/** Both ends must be days themselves; equal ends are one day of validity. */
function validityFault(type: LicenceType, values: Readonly<Record<FieldKey, string>>, faults: readonly RowFault[]): RowFault | null {
  if (type.validity.kind !== 'items' || type.validity.from === null) return null;
  const { from, to } = type.validity;
  if (faults.some((f) => f.field === from || f.field === to)) return null;
  const [first = '', last = ''] = [values[from], values[to]];
  return first !== '' && last !== '' && first > last ? { code: 'DATE_ORDER_WRONG', field: to, details: { field: to } } : null;
}

function repetition(identity: MatterIdentity, row: number, context: RowContext): RowFault | null {
  const firstRow = context.firstRowInFile(identity, row);
  if (firstRow !== null) return { code: 'DUPLICATE_IN_FILE', field: null, details: { firstRow } };
  const state = context.stateInStore(identity);
  return state === null ? null : { code: 'DUPLICATE_IN_STORE', field: null, details: { state } };
}

/**
 * One matter typed by hand, or one row mended on screen.
 * @throws INPUT_INVALID {field, problem: field-unknown} for a value the standard does not name: it may not even be looked at (R06).
 */
export function checkOne(type: LicenceType, values: Readonly<Record<FieldKey, string>>, context: RowContext, row = 1): CheckedRow {
  const known = new Set(cachedFields(type).map((f) => f.key));
  const unknown = Object.keys(values).find((key) => !known.has(key));
  if (unknown !== undefined) throw new StationError('INPUT_INVALID', { field: unknown, problem: 'field-unknown' });
  return checkRow(type, { row, fileRow: row, cells: values, surplusCells: 0 }, context);
}
