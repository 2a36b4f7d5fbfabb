// A one-page PDF of the shape the renderer writes, and seals for it made with keys of their own: what tests of sealing and
// verification work on without fonts and templates.
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { SignatureAlgorithm } from '../../electron/contract/token.contract.ts';
import { signatureLength, unsignedSignature } from '../../electron/station/documents/signature-place.ts';
import { assembleCms, signedAttributes } from '../../electron/station/signing/cms.ts';
import { embed } from '../../electron/station/signing/embed.ts';
import { prepare } from '../../electron/station/signing/prepare.ts';
import { type CertificateOrder, makeCertificate } from '../../electron/training/make-certificate.ts';

/** Objects 1-7 and, as the last, 8: the signature dictionary; the cross-reference table follows it directly. */
export function unsignedSample(text = 'Licence 420626'): Uint8Array {
  const stream = `BT /F1 24 Tf 72 700 Td (${text}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[6 0 R]>>>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[6 0 R]>>',
    `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    '<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/V 8 0 R/P 3 0 R/Rect[0 0 0 0]/F 132>>',
    '<</Producer(sample)>>',
  ];
  let body = '%PDF-1.7\n';
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(body.length);
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  offsets.push(body.length);
  body += '8 0 obj\n';
  const xrefAt = body.length + signatureLength;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const id = createHash('sha256').update(body).digest('hex').slice(0, 32);
  const tail = `xref\n0 9\n0000000000 65535 f \n${rows}trailer\n<</Size 9/Root 1 0 R/Info 7 0 R/ID[<${id}><${id}>]>>\nstartxref\n${xrefAt}\n%%EOF\n`;
  return Buffer.from(body + unsignedSignature(body.length, xrefAt + tail.length) + tail, 'latin1');
}

export interface SampleSigner {
  readonly algorithm: SignatureAlgorithm;
  readonly privateKey: KeyObject;
  readonly certificate: Uint8Array;
  readonly root: Uint8Array;
  readonly rootKey: KeyObject;
}

const spki = (key: KeyObject): Uint8Array => createPublicKey(key).export({ format: 'der', type: 'spki' });
export const rootName = { organization: 'Test', commonName: 'Test Root', code: null } as const;

/** A root and a seal certificate under it, valid 2026-2027 unless told otherwise. */
export function aSigner(algorithm: SignatureAlgorithm = 'ECDSA-P256-SHA256', change: Partial<CertificateOrder> = {}): SampleSigner {
  const rootKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const privateKey =
    algorithm === 'RSA-SHA256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
      : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const validity = { validFrom: '2026-01-01T00:00:00.000Z', validTo: '2027-12-31T23:59:59.000Z' };
  const authority = { name: rootName, privateKey: rootKey };
  const root = makeCertificate(
    {
      subject: rootName,
      publicKeyInfo: spki(rootKey),
      ...validity,
      validTo: '2036-12-31T23:59:59.000Z',
      serial: randomBytes(16),
      kind: 'root',
    },
    authority,
  );
  const subject = { organization: '马桥镇人民政府', commonName: '马桥镇人民政府', code: '1142062601160001X6' };
  const certificate = makeCertificate(
    { subject, publicKeyInfo: spki(privateKey), ...validity, serial: randomBytes(16), kind: 'seal', ...change },
    authority,
  );
  return { algorithm, privateKey, certificate, root, rootKey };
}

/** Signs as a token would. */
export const rawSignature = (signer: SampleSigner, toSign: Uint8Array): Uint8Array => sign('sha256', toSign, signer.privateKey);

export const SIGNED_AT = '2026-11-20T08:30:05.000Z';

/** The sealing stages in order, with the signer's key in place of a token. */
export function sealSample(signer: SampleSigner, unsigned: Uint8Array, approvedHash: string, signedAt = SIGNED_AT): Uint8Array {
  const prepared = prepare(unsigned, approvedHash, signedAt);
  const attributes = signedAttributes(prepared.digest, signer.certificate);
  const signature = rawSignature(signer, attributes.der);
  return embed(
    prepared,
    assembleCms({ attributes, signature, algorithm: signer.algorithm, certificate: signer.certificate, chain: [signer.root] }),
  );
}
