// Entry of `npm run library`: reads its folder, starts the library, says where it is, closes cleanly when told to stop.
// Must not offer any fault switch.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Base64 } from '../contract/office.ts';
import { Profile, Sha256 } from '../contract/values.ts';
import { loadOrMakeLibraryKeys } from './library-keys.ts';
import { type RunningLibrary, startLibrary } from './start-library.ts';

/** issuers.json: whom this library takes licences from. */
const IssuersFile = z.strictObject({
  /** Certification authorities, DER. */
  trustAnchors: z.array(Base64),
  /** By issuer code: SHA-256 of the DER certificates it seals with. */
  issuers: z.record(z.string(), z.array(Sha256)),
});

const DEFAULT_PORT = 7380;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string', default: path.join('out', 'library') },
      port: { type: 'string' },
      name: { type: 'string', default: 'Training library' },
      profile: { type: 'string', default: 'training' },
      // A demonstration's library lives on the demonstration's day.
      'clock-offset-ms': { type: 'string', default: '0' },
    },
  });
  const dir = path.resolve(values.dir);
  const port = z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .parse(values.port ?? (process.send === undefined ? DEFAULT_PORT : 0));
  const clockOffsetMs = z.coerce.number().int().parse(values['clock-offset-ms']);
  const keys = loadOrMakeLibraryKeys(dir, values.name, Profile.parse(values.profile));
  const issuersPath = path.join(dir, 'issuers.json');
  const { trustAnchors, issuers } = existsSync(issuersPath)
    ? IssuersFile.parse(JSON.parse(readFileSync(issuersPath, 'utf8')))
    : { trustAnchors: [], issuers: {} };
  const library = await startLibrary({
    dir,
    port,
    keys,
    issuers,
    trustAnchors: trustAnchors.map((der) => Buffer.from(der, 'base64')),
    clock: { nowMs: () => Date.now() + clockOffsetMs },
  });
  if (Object.keys(issuers).length === 0) process.stderr.write(`No issuer is registered: put ${issuersPath} there and start again.\n`);
  process.stdout.write(`${library.url}\n`);
  process.send?.({ url: library.url, name: keys.name, receiptKey: keys.receiptKey });
  closeWhenTold(library);
}

function closeWhenTold(library: RunningLibrary): void {
  let isClosing = false;
  const close = (): void => {
    if (isClosing) return;
    isClosing = true;
    void library.close().then(() => {
      if (process.connected) process.disconnect();
    });
  };
  process.once('SIGTERM', close);
  process.once('SIGINT', close);
  // Whoever forked it is gone.
  process.once('disconnect', close);
}

main().catch((error: unknown) => {
  process.stderr.write(`The library did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
  if (process.connected) process.disconnect();
});
