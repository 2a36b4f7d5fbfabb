// Run as a process of its own with SOFTHSM2_CONF: a token host without its process, to see every C_ call it makes.
// Answers on stdout the names of the calls of each step asked for on stdin.
import { text } from 'node:stream/consumers';
import { isStationError } from '../../../electron/contract/station-error.ts';
import type { DriverProfile } from '../../../electron/contract/token.contract.ts';
import { createTokenHost } from '../../../native/token-host/token-host.ts';
import { aGrant, pinBytes } from './running-host.ts';

export interface CallLogWish {
  readonly profile: DriverProfile;
  readonly serial: string;
  readonly certificateHash: string;
  /** Each a PIN to log in with, or null for one signature. */
  readonly steps: readonly (string | null)[];
}

// Only softhsm.test.ts writes to this stdin.
const wish = JSON.parse(await text(process.stdin)) as CallLogWish;
let calls: string[] = [];
const { handlers, close } = createTokenHost(
  { training: false, drivers: [wish.profile] },
  { clock: { nowMs: () => Date.now() }, emit: () => undefined, observe: ({ method }) => calls.push(method) },
);
const grant = aGrant(wish);
await handlers.token.grant(grant, undefined);

const answers: { readonly code: string; readonly calls: readonly string[] }[] = [];
for (const step of wish.steps) {
  calls = [];
  let code = 'ok';
  try {
    if (step === null) await handlers.token.sign({ grantId: grant.grantId, toSign: new Uint8Array(8), algorithm: 'RSA-SHA256' }, undefined);
    else await handlers.token.login({ grantId: grant.grantId, pin: pinBytes(step) }, undefined);
  } catch (error) {
    if (!isStationError(error)) throw error;
    code = error.code;
  }
  answers.push({ code, calls });
}
process.stdout.write(JSON.stringify(answers));
close();
