// Reads the spellings of a day found in exports.
// Must not know today.
import { dayExists } from '../catalogue/codes.ts';
import { serialToText } from './xlsx-cells.ts';

export type ReadDay =
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'impossible' }
  /** `guess`: the day a bare spreadsheet serial stands for. */
  | { readonly kind: 'unreadable'; readonly guess: string | null };

const TIME = '(?:[ T]\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?Z?)?';
const SPELLINGS = [
  new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${TIME}$`),
  new RegExp(`^(\\d{4})()(\\d{2})(\\d{2})${TIME}$`),
  new RegExp(`^(\\d{4}) ?(年) ?(\\d{1,2}) ?月 ?(\\d{1,2}) ?[日号]?${TIME}$`),
];

/** Input half-width and trimmed. A time of day after the day is dropped: the office counts by days (R01). */
export function readDay(text: string): ReadDay {
  for (const spelling of SPELLINGS) {
    const m = spelling.exec(text);
    if (m === null) continue;
    const [year, month, day] = [Number(m[1]), Number(m[3]), Number(m[4])];
    if (year < 1900 || year > 2200 || !dayExists(year, month, day)) return { kind: 'impossible' };
    return { kind: 'day', day: `${m[1]}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` };
  }
  // Five digits around today: a date cell that lost its format on the way through another program.
  const guess = /^[2-7]\d{4}$/.test(text) ? serialToText(Number(text), false) : null;
  return { kind: 'unreadable', guess };
}
