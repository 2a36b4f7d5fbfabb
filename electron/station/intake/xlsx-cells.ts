// Turns the stored form of a spreadsheet cell into the text a person sees in it: numbers, percentages, days.
// Must not know sheets or columns. Spec: ECMA-376 part 1, 18.8.30 (number formats), 18.17.4 (serial dates).
import { dayExists } from '../catalogue/codes.ts';

export type NumberStyle = 'plain' | 'date' | 'percent';

/** Built-in formats that show a day or a time; 27-36 and 50-58 are the East Asian ones. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

export function numberStyle(formatId: number, formatCode: string | undefined): NumberStyle {
  if (formatCode === undefined) return isBuiltInDate(formatId) ? 'date' : formatId === 9 || formatId === 10 ? 'percent' : 'plain';
  // 255 is Excel's own limit.
  const bare = (formatCode.slice(0, 255).split(';')[0] ?? '')
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .replace(/general/gi, '');
  if (/[ymdhse]/i.test(bare.replace(/[0#?.]e[+-]/gi, ''))) return 'date';
  return bare.includes('%') ? 'percent' : 'plain';
}

const MS_PER_DAY = 86_400_000;
const two = (n: number): string => String(n).padStart(2, '0');

/** Excel's serial as `YYYY-MM-DD`, with ` hh:mm:ss` when it has a time; null outside 1900-2200. */
export function serialToText(serial: number, is1904: boolean): string | null {
  if (!Number.isFinite(serial) || serial < 0 || serial > 110_000) return null;
  let seconds = Math.round((serial % 1) * 86_400);
  let day = Math.floor(serial);
  if (seconds === 86_400) [day, seconds] = [day + 1, 0];
  if (!is1904 && day === 60) return '1900-02-29'; // Quirk(Excel): a day that never was, kept so that the check refuses it.
  const epoch = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day > 60 ? 30 : 31);
  const at = new Date(epoch + day * MS_PER_DAY);
  const text = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  if (!dayExists(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate())) return null;
  return seconds === 0 ? text : `${text} ${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/**
 * A number as Excel shows it unformatted: 15 significant digits. From 16 digits on, digits are already lost (an id number
 * typed into a number cell), so it stays in the exponent form, which no check takes for an id.
 */
export function numberToText(stored: string, style: NumberStyle, is1904: boolean): string {
  const value = Number(stored);
  if (stored.trim() === '' || !Number.isFinite(value)) return stored;
  if (style === 'date') return serialToText(value, is1904) ?? stored;
  const exact = Number(value.toPrecision(15));
  if (Math.abs(exact) >= 1e15) return exact.toExponential().toUpperCase();
  if (style === 'percent') return `${Number((exact * 100).toPrecision(15))}%`;
  return exact !== 0 && Math.abs(exact) < 1e-6 ? exact.toFixed(12).replace(/0+$/, '') : String(exact);
}

/** `_x000D_` escapes of ECMA-376 22.4.2.4 (`_x005F_` is the escaped underscore itself). */
export const unescapeCell = (text: string): string =>
  text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;
