// Who may make which call: the reading of a call's `roles`.
// Must not know who is signed in; the server's callerOf says so.
import type { Call } from '../contract/define.ts';
import { StationError } from '../contract/station-error.ts';
import type { Role } from '../contract/values.ts';
import type { Origin } from './frames.ts';

export interface Caller {
  readonly from: Origin;
  /** Null before sign-in. */
  readonly roles: readonly Role[] | null;
}

/** Throws SIGN_IN_NEEDED or ROLE_NOT_ALLOWED. A host is bound by roles like a window: it signs people in. */
export function authorise(call: Call, caller: Caller): void {
  if (call.roles === 'anyone') return;
  if (call.roles === 'host') {
    if (caller.from !== 'host') throw new StationError('ROLE_NOT_ALLOWED', { needs: 'host' });
    return;
  }
  if (caller.roles === null) throw new StationError('SIGN_IN_NEEDED');
  if (call.roles === 'signed-in') return;
  const { roles } = caller;
  if (!call.roles.some((role) => roles.includes(role))) throw new StationError('ROLE_NOT_ALLOWED', { needs: call.roles.join(' ') });
}
