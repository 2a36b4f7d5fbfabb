// Gives the event loop its turn between slices of long work and stops when asked.
// Must not know what the work is.
import { setImmediate } from 'node:timers/promises';
import { StationError } from '../../contract/station-error.ts';

/** @throws CANCELLED when the signal is aborted, before or after the turn. */
export async function nextSlice(signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) throw new StationError('CANCELLED');
  await setImmediate();
  if (signal?.aborted) throw new StationError('CANCELLED');
}
