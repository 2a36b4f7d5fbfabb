// The legal life of a licence as data (domain.md, "Two lives"): which event leads from which state to which.
// Must not do anything: use cases execute a step in one transaction.
import type { LicenceState } from '../../contract/licence.ts';
import { StationError } from '../../contract/station-error.ts';

export const transitions = {
  submit: { from: ['draft'], to: 'submitted' },
  return: { from: ['submitted'], to: 'draft' },
  approve: { from: ['submitted'], to: 'approved' },
  beginSealing: { from: ['approved'], to: 'sealing' },
  completeSealing: { from: ['sealing'], to: 'issued' },
  failSealing: { from: ['sealing'], to: 'approved' },
  void: { from: ['draft', 'submitted', 'approved'], to: 'voided' },
} as const satisfies Record<string, { readonly from: readonly LicenceState[]; readonly to: LicenceState }>;

export type LicenceEvent = keyof typeof transitions;

export const isAllowed = (state: LicenceState, event: LicenceEvent): boolean =>
  (transitions[event].from as readonly LicenceState[]).includes(state); // widened: `from` is a tuple of literals

/** The state after `event`; STATE_CONFLICT where the law has no such step. */
export function next(state: LicenceState, event: LicenceEvent): LicenceState {
  if (!isAllowed(state, event)) throw new StationError('STATE_CONFLICT', { state });
  return transitions[event].to;
}
