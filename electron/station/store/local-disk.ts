// SQLite's locks do not hold on network file systems, so a workspace there is refused (trap 22).
import { statfsSync } from 'node:fs';
import { StationError } from '../../contract/station-error.ts';

/** Linux f_type values of NFS, SMB, CIFS, SMB2, Coda, AFS, 9p. */
const NETWORK_TYPES = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x73757245, 0x5346414f, 0x01021997]);

/** Throws STORE_ON_NETWORK. Windows: a UNC path; mapped drives are not told apart there. */
export function refuseNetworkShare(dir: string): void {
  if (dir.startsWith('\\\\') || NETWORK_TYPES.has(statfsSync(dir).type)) throw new StationError('STORE_ON_NETWORK');
}
