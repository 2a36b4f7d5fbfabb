// The few PDF notations we write (Spec: ISO 32000-1 §7.3): numbers, names, text strings. Output is Latin-1 text.
// Must be deterministic: the same value always gives the same bytes, on any machine.
export const POINTS_PER_MM = 72 / 25.4;

/** At most three decimals: a thousandth of a millimetre. */
export function num(value: number): string {
  const rounded = Math.round(value * 1000) / 1000;
  return Object.is(rounded, -0) ? '0' : String(rounded);
}

export const nums = (...values: readonly number[]): string => values.map(num).join(' ');

/** Text string as UTF-16BE hex with byte order mark: needs no escapes, astral characters included. */
export function textString(text: string): string {
  return `<FEFF${utf16Hex(text)}>`;
}

export function utf16Hex(text: string): string {
  let hex = '';
  for (let i = 0; i < text.length; i++) hex += text.charCodeAt(i).toString(16).padStart(4, '0').toUpperCase();
  return hex;
}

export const hex4 = (value: number): string => value.toString(16).padStart(4, '0').toUpperCase();

export const ref = (object: number): string => `${object} 0 R`;

export function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
