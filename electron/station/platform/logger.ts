// The station's log: one JSON line an entry on stderr. Never personal data: licences by id only, no values, no names.
import { type Clock, instantOf } from './clock.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface Logger {
  log(level: LogLevel, event: string, fields?: LogFields): void;
}

export function createLogger(clock: Clock, write: (line: string) => void, least: LogLevel = 'info'): Logger {
  const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
  return {
    log(level, event, fields = {}) {
      if (order.indexOf(level) < order.indexOf(least)) return;
      write(`${JSON.stringify({ at: instantOf(clock), level, event, ...fields })}\n`);
    },
  };
}
