// What goes between make-office and the process that loads SoftHSM: tokens to make, and what came of it. Data only.
import { z } from 'zod';
import { SignatureAlgorithm } from '../contract/token.contract.ts';
import { Bytes, Instant } from '../contract/values.ts';

const SubjectName = z.strictObject({ organization: z.string(), commonName: z.string(), code: z.string().nullable() });

export const SofthsmJob = z.strictObject({
  modulePath: z.string(),
  authority: z.strictObject({ name: SubjectName, privateKeyPem: z.string() }),
  tokens: z.array(
    z.strictObject({
      label: z.string(),
      soPin: z.string(),
      pin: z.string(),
      algorithm: SignatureAlgorithm,
      subject: SubjectName,
      validFrom: Instant,
      validTo: Instant,
      certificateSerial: Bytes,
    }),
  ),
});
export type SofthsmJob = z.infer<typeof SofthsmJob>;

export const SofthsmOutcome = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), tokens: z.array(z.strictObject({ serial: z.string(), certificateDer: Bytes })) }),
  z.strictObject({ ok: z.literal(false), message: z.string() }),
]);
export type SofthsmOutcome = z.infer<typeof SofthsmOutcome>;
