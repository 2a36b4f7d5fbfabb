// What a host program asks of the training process: one training office on this computer (R34), with its own root, keys and library.
// Must not serve any other profile: the office it makes can never become a production one.
import { z } from 'zod';
import { call, defineContract } from './define.ts';
import { DriverProfile } from './token.contract.ts';
import { Bytes, Day, Sha256 } from './values.ts';

/** `dir`: the workspace's own folder for training; `today`: the day the certificates and blocks begin with, or the real one. */
export const TrainingConfig = z.strictObject({ dir: z.string(), resourcesDir: z.string(), today: Day.nullable() });
export type TrainingConfig = z.infer<typeof TrainingConfig>;

export const TrainingOffice = z.strictObject({
  /** The provisioning file, for `station.setUpOffice`, and the fingerprint of its authority. */
  file: Bytes,
  fingerprint: Sha256,
  drivers: z.array(DriverProfile),
  /** What the training library is started with; the port is the one its address in the office names. */
  library: z.strictObject({ dir: z.string(), port: z.number().int() }),
});
export type TrainingOffice = z.infer<typeof TrainingOffice>;

export const trainingContract = defineContract({
  groups: {
    training: {
      /** Makes the office at the first call, finds it again at all others. */
      open: call({
        input: z.strictObject({}),
        output: TrainingOffice,
        errors: ['DISK_FULL'],
        roles: 'host',
        timeoutMs: 60_000,
        idempotent: true,
      }),
    },
  },
  events: {},
});
export type TrainingContract = typeof trainingContract;
