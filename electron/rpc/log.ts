// The shape of the log that calls and processes write to, and what of an argument may stand in it.
// Must not hold values: logs carry no personal data and no PIN, so an argument is logged by its shape alone.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** `{matter: 'string(12)', pin: '[secret]'}` of an argument: enough to find a bug, nothing about a person. */
export function shapeOf(arg: unknown, secret: readonly string[]): string {
  if (typeof arg !== 'object' || arg === null || Array.isArray(arg) || arg instanceof Uint8Array) {
    return secret.length > 0 ? '[secret]' : sortOf(arg);
  }
  const fields = Object.entries(arg).slice(0, 30);
  return `{${fields.map(([key, value]) => `${key.slice(0, 40)}: ${secret.includes(key) ? '[secret]' : sortOf(value)}`).join(', ')}}`;
}

function sortOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `string(${value.length})`;
  if (Array.isArray(value)) return `array(${value.length})`;
  if (value instanceof Uint8Array) return `bytes(${value.length})`;
  return typeof value;
}
