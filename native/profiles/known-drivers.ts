// The table of known drivers (drivers.json) as typed data, and which of them are on this PC.
// A driver that is not in the table needs to be tried and measured first: rows are facts, never guesses from a vendor's name.
import { z } from 'zod';
import { StationError } from '../../electron/contract/station-error.ts';
import { DriverProfile } from '../../electron/contract/token.contract.ts';
import rows from './drivers.json' with { type: 'json' };

const Platform = z.enum(['linux', 'win32', 'darwin']);

export const KnownDriver = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().min(1),
  /** The version our tests ran against, or null when the row comes from documentation and earlier measurement only. */
  tested: z.string().nullable(),
  /** Absolute paths in order of preference; the first that exists is used. */
  modulePaths: z.partialRecord(Platform, z.array(z.string().regex(/^(\/|[A-Za-z]:\\)/)).min(1)),
  /** `{directory}` stands for the folder of the module's own database. */
  initParameters: z.string().optional(),
  quirks: DriverProfile.options[0].shape.quirks,
  note: z.string(),
});
export type KnownDriver = z.infer<typeof KnownDriver>;

export const knownDrivers: readonly KnownDriver[] = z.array(KnownDriver).parse(rows);

export interface ProfileWish {
  readonly id: string;
  readonly platform: string;
  readonly fileExists: (path: string) => boolean;
  /** For modules whose row has `{directory}`. */
  readonly directory?: string;
}

/** The configuration of a known driver on this PC. DRIVER_NOT_FOUND when it is not known, not installed, or lacks its directory. */
export function profileOf(wish: ProfileWish): DriverProfile {
  const row = knownDrivers.find(({ id }) => id === wish.id);
  const platform = Platform.safeParse(wish.platform);
  const paths = (platform.success && row?.modulePaths[platform.data]) || [];
  const modulePath = paths.find(wish.fileExists);
  const needsDirectory = row?.initParameters?.includes('{directory}') ?? false;
  if (row === undefined || modulePath === undefined || (needsDirectory && wish.directory === undefined)) {
    throw new StationError('DRIVER_NOT_FOUND', { path: paths[0] ?? wish.id });
  }
  const initParameters = row.initParameters?.replaceAll('{directory}', wish.directory ?? '');
  return {
    kind: 'pkcs11',
    id: row.id,
    name: row.name,
    modulePath,
    quirks: row.quirks,
    ...(initParameters === undefined ? {} : { initParameters }),
  };
}

/** Every known driver that is installed and needs nothing more to be said. */
export function installedDrivers(platform: string, fileExists: (path: string) => boolean): readonly DriverProfile[] {
  return knownDrivers
    .filter((row) => row.initParameters === undefined)
    .flatMap(({ id }) => {
      try {
        return [profileOf({ id, platform, fileExists })];
      } catch (error) {
        if (error instanceof StationError) return [];
        throw error;
      }
    });
}
