// A made-up verdict for development screens.
import type { VerificationView } from '../../../electron/contract/verification.ts';
import { hash, NOW } from './make-licences.ts';

export const verification = (sizeBytes: number): VerificationView => ({
  result: sizeBytes === 0 ? 'invalid' : 'valid',
  findings:
    sizeBytes === 0
      ? [{ code: 'NO_SIGNATURE', signature: null }]
      : [
          { code: 'TIME_CLAIMED_ONLY', signature: 0 },
          { code: 'REVOCATION_NOT_CHECKED', signature: 0 },
        ],
  fileHash: hash(2),
  sizeBytes,
  known: 'same',
  signatures: [
    {
      kind: 'seal',
      field: 'Seal1',
      format: 'ETSI.CAdES.detached',
      signer: {
        name: '马桥镇人民政府',
        organization: '马桥镇人民政府',
        code: '11420626011234567X',
        certificateHash: hash(3),
        certificateFrom: '2026-01-01T00:00:00.000Z',
        certificateUntil: '2028-12-31T00:00:00.000Z',
      },
      algorithm: 'RSA-SHA256',
      signedAt: NOW,
      timeProof: 'claimed',
      provenAt: null,
      intact: true,
      coversWholeDocument: true,
      chain: 'trusted',
      revocation: { state: 'notChecked', listFrom: null },
    },
  ],
  revisions: [
    { endsAtByte: sizeBytes, signature: 0, changes: [{ kind: 'original' }, { kind: 'signatureAdded', field: 'Seal1' }], refused: [] },
  ],
  firstRevisionHash: hash(2),
});
