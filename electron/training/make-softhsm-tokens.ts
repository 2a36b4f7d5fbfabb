// Tokens of the acceptance profile: SoftHSM 2, one token an issuer, the key generated inside. Writes the token folder and
// its configuration; the module itself is loaded by softhsm-child only.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StationError } from '../contract/station-error.ts';
import { type SofthsmJob, SofthsmOutcome } from './softhsm-job.ts';

/** Where Debian's softhsm2 puts the module. */
export const SOFTHSM_MODULE = '/usr/lib/softhsm/libsofthsm2.so';

/** Path of the configuration inside an office folder; whoever loads the module needs it as SOFTHSM2_CONF. */
export const softhsmConfigPath = (officeDir: string): string => join(officeDir, 'tokens', 'softhsm2.conf');

/** Written anew at each start, because SoftHSM wants an absolute path and the folder may have moved. */
export function writeSofthsmConfig(officeDir: string): void {
  const storeDir = join(officeDir, 'tokens', 'store');
  mkdirSync(storeDir, { recursive: true, mode: 0o700 });
  const lines = [`directories.tokendir = ${storeDir}`, 'objectstore.backend = file', 'log.level = ERROR', ''];
  writeFileSync(softhsmConfigPath(officeDir), lines.join('\n'));
}

/** In the order of the job. DRIVER_NOT_FOUND when SoftHSM is not installed. */
export async function makeSofthsmTokens(officeDir: string, job: SofthsmJob): Promise<Extract<SofthsmOutcome, { ok: true }>['tokens']> {
  if (!existsSync(job.modulePath)) throw new StationError('DRIVER_NOT_FOUND', { path: job.modulePath });
  writeSofthsmConfig(officeDir);
  const entry = new URL('./softhsm-child.ts', import.meta.url);
  const child = fork(entry, [], { serialization: 'advanced', env: { SOFTHSM2_CONF: softhsmConfigPath(officeDir) }, execArgv: [] });
  const answered = once(child, 'message');
  const exited = once(child, 'exit');
  child.send(job);
  const first = await Promise.race([answered, exited.then(() => null)]);
  if (first === null) throw new StationError('PROCESS_GONE', { process: 'softhsm-child' });
  await exited;
  const outcome = SofthsmOutcome.parse(first[0]);
  if (!outcome.ok) throw new StationError('TOKEN_DRIVER_FAULT', {}, { cause: new Error(outcome.message) });
  return outcome.tokens;
}
