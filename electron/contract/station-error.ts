// The one error class of the product, the same on both sides of every process edge.
import { type ErrorCode, type ErrorKind, errorCodes } from './error-codes.ts';

export type ErrorDetails = Readonly<Record<string, string | number>>;

/**
 * Thrown where the problem is known; turned into words only by the window's describe-error or the command line.
 * `incident` ties an INTERNAL error to its logged stack. `cause` stays in the process that threw.
 */
export class StationError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly incident: string | undefined;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options: { cause?: unknown; incident?: string } = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StationError';
    this.code = code;
    this.details = details;
    this.incident = options.incident;
  }

  get kind(): ErrorKind {
    return errorCodes[this.code].kind;
  }
}

export const isStationError = (value: unknown, code?: ErrorCode): value is StationError =>
  value instanceof StationError && (code === undefined || value.code === code);
