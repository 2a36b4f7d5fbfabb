import { describe, expect, it } from 'vitest';
import { DriverProfile } from '../../../electron/contract/token.contract.ts';
import { installedDrivers, knownDrivers, profileOf } from '../../../native/profiles/known-drivers.ts';

const everything = () => true;
const nothing = () => false;

describe('the table of known drivers', () => {
  it('has each driver once', () => {
    expect(new Set(knownDrivers.map(({ id }) => id)).size).toBe(knownDrivers.length);
  });

  it('gives for each driver of this platform a profile the token host takes', () => {
    for (const { id } of knownDrivers) {
      const profile = profileOf({ id, platform: 'linux', fileExists: everything, directory: '/var/lib/keys' });
      expect(DriverProfile.parse(profile)).toEqual(profile);
    }
  });

  it('uses the first path that exists', () => {
    const paths = knownDrivers.find(({ id }) => id === 'softhsm2')?.modulePaths.linux ?? [];
    expect(profileOf({ id: 'softhsm2', platform: 'linux', fileExists: (path) => path === paths[1] })).toMatchObject({
      modulePath: paths[1],
    });
  });

  it('puts the directory into the parameters of NSS and does without no longer', () => {
    const wish = { id: 'nss-softokn', platform: 'linux', fileExists: everything };
    expect(profileOf({ ...wish, directory: '/keys' })).toMatchObject({ initParameters: expect.stringContaining("configDir='sql:/keys'") });
    expect(() => profileOf(wish)).toThrow(expect.objectContaining({ code: 'DRIVER_NOT_FOUND' }));
  });

  it.each([
    ['an unknown driver', { id: 'nobody', platform: 'linux', fileExists: everything }],
    ['a driver that is not installed', { id: 'softhsm2', platform: 'linux', fileExists: nothing }],
    ['a platform without a path', { id: 'softhsm2', platform: 'win32', fileExists: everything }],
  ])('does not find %s', (_, wish) => {
    expect(() => profileOf(wish)).toThrow(expect.objectContaining({ code: 'DRIVER_NOT_FOUND' }));
  });

  it('lists what is installed and needs nothing more', () => {
    expect(installedDrivers('linux', nothing)).toEqual([]);
    expect(installedDrivers('linux', everything).map(({ id }) => id)).toEqual(['softhsm2', 'opencryptoki', 'tpm2-pkcs11']);
  });
});
