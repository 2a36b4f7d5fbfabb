// A process of its own that makes the acceptance tokens: SoftHSM reads its configuration when it is loaded, once, and a
// vendor module must never be loaded into the station or a test. Started by make-softhsm-tokens only.
import { createPrivateKey } from 'node:crypto';
import { provisionToken } from '../../native/pkcs11/provision-token.ts';
import { makeCertificate } from './make-certificate.ts';
import { SofthsmJob, type SofthsmOutcome } from './softhsm-job.ts';

async function run(message: unknown): Promise<SofthsmOutcome> {
  const job = SofthsmJob.parse(message);
  const authority = { name: job.authority.name, privateKey: createPrivateKey(job.authority.privateKeyPem) };
  const tokens: Extract<SofthsmOutcome, { ok: true }>['tokens'] = [];
  for (const token of job.tokens) {
    const made = await provisionToken({
      modulePath: job.modulePath,
      label: token.label,
      soPin: token.soPin,
      pin: token.pin,
      algorithm: token.algorithm,
      keyLabel: token.subject.commonName,
      certificateFor: (publicKeyInfo) =>
        makeCertificate(
          {
            subject: token.subject,
            publicKeyInfo,
            validFrom: token.validFrom,
            validTo: token.validTo,
            serial: token.certificateSerial,
            kind: 'seal',
          },
          authority,
        ),
    });
    tokens.push({ serial: made.serial, certificateDer: Uint8Array.from(made.certificateDer) });
  }
  return { ok: true, tokens };
}

process.once('message', (message) => {
  run(message)
    .catch(
      (error: unknown): SofthsmOutcome => ({ ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
    .then((outcome) => {
      process.send?.(outcome, () => process.disconnect());
    });
});
