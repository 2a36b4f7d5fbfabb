import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedDrivers } from '../../native/profiles/known-drivers.ts';
import { type RunningHost, startHost } from './support/running-host.ts';
import { type SoftHsmHome, softHsmHome } from './support/token-makers.ts';

let home: SoftHsmHome;
let host: RunningHost;
beforeAll(async () => {
  home = softHsmHome();
  home.make([{ label: '青山县自然资源局', pin: 'rsa-pin-4711', algorithm: 'RSA-SHA256' }]);
  host = await startHost({ training: false, drivers: [], installed: true }, home.environment);
});
afterAll(async () => {
  await host?.stop();
  home?.remove();
});

describe('a token host that is told to use what is installed', () => {
  it('has every module of the drivers table that is on this computer, and no software token', async () => {
    const { drivers, tokens } = await host.token.list({});
    expect(drivers.map(({ id }) => id)).toEqual(installedDrivers(process.platform, existsSync).map(({ id }) => id));
    expect(drivers.map(({ id }) => id)).toContain('softhsm2');
    expect(tokens).toMatchObject([{ driverId: 'softhsm2', label: '青山县自然资源局', software: false }]);
  });

  it('uses none of them when it is not told to', async () => {
    const other = await startHost({ training: false, drivers: [] }, home.environment);
    try {
      expect(await other.token.list({})).toEqual({ drivers: [], tokens: [], problems: [] });
    } finally {
      await other.stop();
    }
  });
});
