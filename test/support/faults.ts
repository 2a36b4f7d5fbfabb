// What a call refused, as a value, so that a test can say which code it expects.
import { isStationError } from '../../electron/contract/station-error.ts';

/** The code (and `details` where asked) a promise was refused with; `none` when it was not. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => {
      if (isStationError(error)) return error.code;
      throw error;
    },
  );
}

export async function refusalDetails(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'none',
    (error: unknown) => {
      if (isStationError(error)) return { code: error.code, ...error.details };
      throw error;
    },
  );
}
