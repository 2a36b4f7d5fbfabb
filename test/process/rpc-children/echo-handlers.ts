// The handlers behind the echo contract, the same in a real child and in one process.
import type { HandlersOf } from '../../../electron/contract/define.ts';
import { isErrorCode } from '../../../electron/contract/error-codes.ts';
import { StationError } from '../../../electron/contract/station-error.ts';
import type { Caller } from '../../../electron/rpc/authorise.ts';
import type { EchoContract } from './echo.contract.ts';

export interface EchoSeams {
  readonly life: number;
  readonly crashInLives: readonly number[];
  emit(event: 'changed', payload: { revision: number }): void;
}

export function echoHandlers(seams: EchoSeams): HandlersOf<EchoContract, Caller> {
  return {
    echo: {
      say: (arg) => ({ ...arg, life: seams.life }),
      frail() {
        if (seams.crashInLives.includes(seams.life)) dieBySegfault();
        return { life: seams.life };
      },
      segfault: () => dieBySegfault(),
      exit: ({ code }) => process.exit(code),
      hang() {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        return {};
      },
      slow: ({ ms }) => new Promise((resolve) => setTimeout(() => resolve({}), ms)),
      fail({ how }) {
        if (how === 'foreign') throw new Error('the holder is 张三');
        if (how === 'nothing') return Promise.reject(undefined);
        if (isErrorCode(how)) {
          throw new StationError(how, { triesLeft: '2', notListed: 'the holder is 张三' }, { cause: new Error('a cause') });
        }
        return {};
      },
      unlock() {
        throw new Error('the reader broke');
      },
      // The cast is the defect under test: a handler that does not keep its word.
      wrongOutput: () => ({ count: 'many' }) as unknown as { count: number },
      unsendable: ({ what }) => ({ thing: what === 'a function' ? () => 1 : what === 'a date' ? new Date(0) : detachedBytes() }),
      forClerks: () => ({}),
      forAnyone: () => ({}),
      environment: () => ({ names: Object.keys(process.env) }),
      notify({ revision }) {
        seams.emit('changed', { revision });
        return {};
      },
    },
  };
}

function detachedBytes(): Uint8Array {
  const bytes = Uint8Array.of(1, 2);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function dieBySegfault(): never {
  process.kill(process.pid, 'SIGSEGV');
  // The signal has killed this process before the next statement.
  throw new Error('still alive after SIGSEGV');
}
