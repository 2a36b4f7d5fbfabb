// Answers one raw request frame by making the call elsewhere: the router's and the relay's whole work.
// Must not check roles or arguments (the server does), and must not believe the frame's own `from`.
import { CONTRACT_VERSION } from '../contract/define.ts';
import { StationError } from '../contract/station-error.ts';
import { errorBody } from '../rpc/error-frame.ts';
import { type ReplyFrame, RequestFrame } from '../rpc/frames.ts';

export type CallElsewhere = (group: string, name: string, arg: unknown) => Promise<unknown>;

/** Undefined for what is no request. Never rejects. */
export async function forward(raw: unknown, call: CallElsewhere): Promise<ReplyFrame | undefined> {
  const request = RequestFrame.safeParse(raw);
  if (!request.success) return undefined;
  const { v, id, group, name, arg } = request.data;
  try {
    if (v !== CONTRACT_VERSION) throw new StationError('CONTRACT_MISMATCH', { expected: CONTRACT_VERSION, got: v });
    return { id, ok: true, value: await call(group, name, arg) };
  } catch (error) {
    const known = error instanceof StationError ? error : new StationError('INTERNAL', {}, { cause: error });
    return { id, ok: false, error: errorBody(known) };
  }
}
