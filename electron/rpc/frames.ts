// The envelope of every call, reply, event and greeting, and what counts as a wire value.
// Must not know any contract: `arg`, `value` and `payload` are checked by whoever knows the call.
import { z } from 'zod';

const FrameId = z.int().positive();

/**
 * Where a request comes from, as the host program saw it. The host overwrites what a window claims; a frame that says
 * nothing has the lesser rights.
 */
export const Origin = z.enum(['host', 'window']);
export type Origin = z.infer<typeof Origin>;

export const RequestFrame = z.strictObject({
  v: z.int(),
  /** Monotonic per connection. */
  id: FrameId,
  group: z.string().max(64),
  name: z.string().max(64),
  arg: z.unknown(),
  from: Origin.default('window'),
});
export type RequestFrame = z.infer<typeof RequestFrame>;

/** No message and no cause: foreign error texts can hold personal data, so only code and listed details cross. */
export const ErrorBody = z.strictObject({
  code: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  incident: z.string().optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

export const ReplyFrame = z.discriminatedUnion('ok', [
  z.strictObject({ id: FrameId, ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ id: FrameId, ok: z.literal(false), error: ErrorBody }),
]);
export type ReplyFrame = z.infer<typeof ReplyFrame>;

export const EventFrame = z.strictObject({ event: z.string(), payload: z.unknown() });
export type EventFrame = z.infer<typeof EventFrame>;

/** A child's first word. Nothing is sent to it before. */
export const HelloFrame = z.strictObject({ hello: z.literal(true), contractVersion: z.int(), pid: z.int() });
export type HelloFrame = z.infer<typeof HelloFrame>;

/** A child's first word when it cannot start, instead of the greeting; it then waits to be ended. */
export const FailedFrame = z.strictObject({ failed: ErrorBody });
export type FailedFrame = z.infer<typeof FailedFrame>;

/** The host's first word to a child. */
export const ConfigFrame = z.strictObject({ config: z.unknown() });
export type ConfigFrame = z.infer<typeof ConfigFrame>;

/** Deeper than any value of a contract; ends the walk through a ring. */
const MAX_DEPTH = 64;

/**
 * String, finite number, boolean, null, array, plain object, Uint8Array. A field that is `undefined` counts as absent,
 * as structured clone and JSON agree for objects (they do not for arrays).
 */
export function isWireValue(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isWireValue(item, depth + 1));
  if (value instanceof Uint8Array) return true;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((item) => item === undefined || isWireValue(item, depth + 1));
}
