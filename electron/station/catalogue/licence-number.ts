// The licence number 证照编号 by a type's coding rule (R04): expands {region}, {year} and {serial:N}.
// Must not choose the serial: the number ledger does.
import { StationError } from '../../contract/station-error.ts';

const PLACEHOLDER = /\{([^{}]*)\}/g;

export interface NumberParts {
  /** GB/T 2260, 6 digits. */
  readonly regionCode: string;
  /** Of the conclusion day. */
  readonly year: number;
  readonly serial: number;
}

/** What is wrong with a format, or null. Checked when a catalogue is loaded, so that expansion cannot meet an unknown placeholder. */
export function numberFormatProblem(format: string): string | null {
  let serials = 0;
  for (const [whole, name = ''] of format.matchAll(PLACEHOLDER)) {
    if (/^serial:([1-9]|1[0-2])$/.test(name)) serials++;
    else if (name !== 'region' && name !== 'year') return `unknown placeholder ${whole}`;
  }
  if (/[{}]/.test(format.replace(PLACEHOLDER, ''))) return 'unpaired brace';
  return serials === 1 ? null : 'needs {serial:N} exactly once';
}

/** @throws NUMBERS_EXHAUSTED when the serial has more digits than the format gives room: widening it would break the standard's form. */
export function licenceNumber(typeId: string, format: string, parts: NumberParts): string {
  return format.replace(PLACEHOLDER, (_whole, name: string) => {
    if (name === 'region') return parts.regionCode;
    if (name === 'year') return String(parts.year);
    const digits = Number(name.slice('serial:'.length));
    const serial = String(parts.serial);
    if (serial.length > digits) throw new StationError('NUMBERS_EXHAUSTED', { type: typeId });
    return serial.padStart(digits, '0');
  });
}
