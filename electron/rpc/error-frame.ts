// Errors across a process edge: StationError to frame and back, the same class and code on both sides.
// Must not carry messages, stacks, causes or unlisted details.
import { z } from 'zod';
import { errorCodes, isErrorCode } from '../contract/error-codes.ts';
import { type ErrorDetails, StationError } from '../contract/station-error.ts';
import type { ErrorBody } from './frames.ts';

/** Only the fields the code's own schema lists, and only where they fit it. */
export function errorBody(error: StationError): ErrorBody {
  const details = listedDetails(error);
  return {
    code: error.code,
    ...(Object.keys(details).length > 0 ? { details } : {}),
    ...(error.incident === undefined ? {} : { incident: error.incident }),
  };
}

/** A code this build does not know becomes INTERNAL: the two sides are not of one build. */
export function errorOf(body: ErrorBody): StationError {
  const options = body.incident === undefined ? {} : { incident: body.incident };
  if (!isErrorCode(body.code)) return new StationError('INTERNAL', {}, options);
  return new StationError(body.code, body.details ?? {}, options);
}

function listedDetails(error: StationError): ErrorDetails {
  // Invariant: every row of the table has an object schema; another kind would let nothing out.
  const schema: z.ZodType = errorCodes[error.code].details;
  if (!(schema instanceof z.ZodObject)) return {};
  const kept: Record<string, string | number> = {};
  for (const [field, value] of Object.entries(error.details)) {
    const fieldSchema: unknown = Object.hasOwn(schema.shape, field) ? schema.shape[field] : undefined;
    if (fieldSchema instanceof z.ZodType && fieldSchema.safeParse(value).success) kept[field] = value;
  }
  return kept;
}
