// Makes the drivers of a host from its configuration. The one place that decides whether the software token may exist (R34).
// Must not load a module: a driver does that at its first use.
import type { DriverProfile, TokenHostConfig } from '../../electron/contract/token.contract.ts';
import type { CallObserver } from '../pkcs11/pkcs11.ts';
import { Pkcs11Driver } from '../pkcs11/pkcs11-driver.ts';
import { SoftwareDriver } from '../software-token/software-driver.ts';
import type { TokenDriver, TokenProblem } from './token-driver.ts';

export function createDrivers(config: TokenHostConfig, observe: CallObserver): readonly TokenDriver[] {
  return config.drivers.map((profile) => {
    if (profile.kind === 'pkcs11') return new Pkcs11Driver(profile, observe);
    return config.training ? new SoftwareDriver(profile) : refusedDriver(profile);
  });
}

/** Has no tokens, so no later call can reach it; the list says why. Its folder is never read. */
function refusedDriver({ id, name }: DriverProfile): TokenDriver {
  const problem: TokenProblem = { driverId: id, driverName: name, code: 'TOKEN_SOFTWARE_REFUSED', detail: '' };
  const unreachable = (): never => {
    throw new Error('a refused driver lists no token, so nothing can be asked of one');
  };
  return {
    list: () => ({ tokens: [], problems: [problem] }),
    certificates: unreachable,
    logIn: unreachable,
    isLoggedIn: () => false,
    sign: unreachable,
    logOut: () => undefined,
    close: () => undefined,
  };
}
