// Judges the value of one field: normalises it visibly, then finds its first fault (R05).
// Must not see other fields, other rows or the store.
import type { DataItem, LicenceType } from '../../contract/catalogue.ts';
import type { FieldKey, NormalisationKind, RowFault } from '../../contract/intake.ts';
import type { Day } from '../../contract/values.ts';
import {
  type CodeJudgement,
  judgeCitizenId,
  judgeCreditCode,
  judgeHolderCode,
  modernCitizenId,
  rereadCreditCode,
} from '../catalogue/codes.ts';
import { characterFault, type MissingGlyphs } from './characters.ts';
import { readDay } from './dates.ts';
import type { Field } from './fields.ts';
import { type Normalised, normaliseCode, normaliseDayText, normaliseNumber, normaliseText } from './normalise.ts';

export interface CheckedValue {
  readonly value: string;
  readonly kinds: readonly NormalisationKind[];
  readonly fault: RowFault | null;
}

export interface ValueContext {
  readonly type: LicenceType;
  readonly today: Day;
  readonly missingGlyphs: MissingGlyphs;
}

/** The catalogue says no length for the matter's own columns. */
const MATTER_TEXT_LENGTH = 64;
/** What a spreadsheet leaves where a formula failed; in a register it is a value that is not there. */
const FORMULA_ERROR = /^#(N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|SPILL!|CALC!)$/;

const fault = (code: RowFault['code'], field: FieldKey, details: RowFault['details'] = {}, suggestion: string | null = null): RowFault => ({
  code,
  field,
  details: { field, ...details },
  ...(suggestion === null ? {} : { suggestion }),
});

/** In characters as people count them: surrogate pairs are one. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** A name is short personal text or the holder's: there a gap is padding and a question mark a lost character. */
const isNameItem = (type: LicenceType, item: DataItem): boolean =>
  item.key === type.holder.name || (item.personal && item.kind === 'text' && item.maxLength <= 50);

export function checkValue(field: Field, raw: string, context: ValueContext): CheckedValue {
  const kind = field.item?.kind ?? (field.key === 'conclusionDay' ? 'date' : 'text');
  if (kind === 'date') return checkDay(field, raw);
  const normalised = normaliseByKind(field, raw, context.type);
  const { value, kinds } = normalised;
  const problem = isAbsent(value) ? absence(field, value) : valueFault(field, value, context);
  return { value, kinds, fault: problem };
}

const isAbsent = (value: string): boolean => value === '' || FORMULA_ERROR.test(value);

/** A failed formula is a fault even where nothing is required: it would else be issued as a value. */
const absence = (field: Field, value: string): RowFault | null =>
  field.required || value !== '' ? fault('VALUE_MISSING', field.key) : null;

function normaliseByKind(field: Field, raw: string, type: LicenceType): Normalised {
  const { item } = field;
  if (item === null) return normaliseCode(raw, false);
  switch (item.kind) {
    case 'citizenId':
    case 'creditCode':
    case 'holderCode':
      return normaliseCode(raw, true);
    case 'integer':
    case 'decimal':
      return normaliseNumber(raw, item.unit);
    default:
      return normaliseText(raw, isNameItem(type, item));
  }
}

function checkDay(field: Field, raw: string): CheckedValue {
  const { value: text, kinds } = normaliseDayText(raw);
  if (isAbsent(text)) return { value: text, kinds, fault: absence(field, text) };
  const read = readDay(text);
  if (read.kind === 'day') return { value: read.day, kinds: read.day === text ? kinds : [...kinds, 'date'], fault: null };
  const shown = text.slice(0, 40);
  if (read.kind === 'impossible') return { value: text, kinds, fault: fault('DATE_IMPOSSIBLE', field.key, { value: shown }) };
  return { value: text, kinds, fault: fault('DATE_UNREADABLE', field.key, { value: shown }, read.guess) };
}

function valueFault(field: Field, value: string, context: ValueContext): RowFault | null {
  const { item, key } = field;
  const limit = item?.maxLength ?? MATTER_TEXT_LENGTH;
  if (value.length > limit && lengthOf(value) > limit) return fault('VALUE_TOO_LONG', key, { limit });
  switch (item?.kind) {
    case 'citizenId':
      return codeFault(key, value, judgeIdToday(value, context.today));
    case 'creditCode':
      return codeFault(key, value, judgeCreditCode(value));
    case 'holderCode':
      return codeFault(key, value, judgeHolder(value, context));
    case 'integer':
    case 'decimal':
      return numberFault(item, value);
    case 'choice':
      return item.choices?.includes(value) ? null : fault('VALUE_NOT_CHOICE', key);
    default:
      return characterFault(key, value, item !== null && isNameItem(context.type, item), context.missingGlyphs);
  }
}

function judgeHolder(value: string, context: ValueContext): CodeJudgement {
  const { holderKinds } = context.type;
  if (!holderKinds.includes('organisation')) return judgeIdToday(value, context.today);
  if (!holderKinds.includes('person')) return judgeCreditCode(value);
  const judged = judgeHolderCode(value);
  return judged === 'valid' && judgeCitizenId(value) === 'valid' ? judgeIdToday(value, context.today) : judged;
}

/** Nobody is born after today. */
function judgeIdToday(id: string, today: Day): CodeJudgement {
  const judged = judgeCitizenId(id);
  const born = `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;
  return judged !== 'malformed' && born > today ? 'malformed' : judged;
}

function codeFault(field: FieldKey, value: string, judged: CodeJudgement): RowFault | null {
  if (judged === 'valid') return null;
  const mend = judged === 'malformed' ? (modernCitizenId(value) ?? rereadCreditCode(value)) : null;
  return fault(judged === 'malformed' ? 'ID_NUMBER_MALFORMED' : 'CHECK_DIGIT_WRONG', field, {}, mend);
}

function numberFault(item: DataItem, value: string): RowFault | null {
  const m = /^-?\d+(?:\.(\d+))?$/.exec(value);
  if (m === null) return fault('VALUE_NOT_NUMBER', item.key);
  const decimals = (m[1] ?? '').replace(/0+$/, '').length;
  const number = Number(value);
  const allowed = item.kind === 'integer' ? 0 : (item.decimals ?? 6);
  const isInside = decimals <= allowed && (item.min === undefined || number >= item.min) && (item.max === undefined || number <= item.max);
  return isInside ? null : fault('VALUE_OUT_OF_RANGE', item.key);
}
