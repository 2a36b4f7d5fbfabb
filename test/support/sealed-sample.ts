// A one-page PDF of the shape the renderer writes, and seals for it made with keys of their own: what tests of sealing and
// verification work on without fonts and templates.
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { SignatureAlgorithm } from '../../electron/contract/token.contract.ts';
import { LATER_FIELDS, signatureLength, unsignedSignature } from '../../electron/station/documents/signature-place.ts';
import { assembleCms, signedAttributes } from '../../electron/station/signing/cms.ts';
import { embed } from '../../electron/station/signing/embed.ts';
import { prepare } from '../../electron/station/signing/prepare.ts';
import type { RevisionSigner } from '../../electron/station/signing/sign-revision.ts';
import { type CertificateOrder, makeCertificate } from '../../electron/training/make-certificate.ts';

const XMP =
  '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format></rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>';

/** Objects 1-14 and, 16 (an attached file's bytes) and, as the last, 15: the signature dictionary; the cross-reference table follows it directly. */
export function unsignedSample(text = 'Licence 420626'): Uint8Array {
  const empty = LATER_FIELDS.map((_, index) => `${9 + index} 0 R`).join(' ');
  const stream = `BT /F1 24 Tf 72 700 Td (${text}) Tj ET`;
  const objects = [
    `<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[6 0 R ${empty}]>>/Perms<</DocMDP 15 0 R>>/Metadata 8 0 R/AF[14 0 R]/Names<</EmbeddedFiles<</Names[(data.xml)14 0 R]>>>>>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[6 0 R ${empty}]>>`,
    `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    '<</Type/Annot/Subtype/Widget/FT/Sig/T(seal-1)/V 15 0 R/P 3 0 R/Rect[0 0 0 0]/F 132>>',
    '<</Producer(sample)>>',
    `<</Type/Metadata/Subtype/XML/Length ${XMP.length}>>\nstream\n${XMP}\nendstream`,
    ...LATER_FIELDS.map((name) => `<</Type/Annot/Subtype/Widget/FT/Sig/T(${name})/F 132/Rect[0 0 0 0]/P 3 0 R>>`),
    '<</Type/Filespec/F(data.xml)/UF(data.xml)/AFRelationship/Data/EF<</F 16 0 R>>>>',
  ];
  let body = '%PDF-1.7\n';
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(body.length);
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const [fileAt, data] = [body.length, '<a/>'];
  body += `16 0 obj\n<</Type/EmbeddedFile/Length ${data.length}>>\nstream\n${data}\nendstream\nendobj\n`;
  offsets.push(body.length, fileAt);
  body += '15 0 obj\n';
  const xrefAt = body.length + signatureLength;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const id = createHash('sha256').update(body).digest('hex').slice(0, 32);
  const tail = `xref\n0 17\n0000000000 65535 f \n${rows}trailer\n<</Size 17/Root 1 0 R/Info 7 0 R/ID[<${id}><${id}>]>>\nstartxref\n${xrefAt}\n%%EOF\n`;
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

/** A root (or the given one) and a seal certificate under it, valid 2026-2027 unless told otherwise. */
export function aSigner(
  algorithm: SignatureAlgorithm = 'ECDSA-P256-SHA256',
  change: Partial<CertificateOrder> = {},
  under?: Pick<SampleSigner, 'root' | 'rootKey'>,
): SampleSigner {
  const rootKey = under?.rootKey ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const privateKey =
    algorithm === 'RSA-SHA256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
      : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const validity = { validFrom: '2026-01-01T00:00:00.000Z', validTo: '2027-12-31T23:59:59.000Z' };
  const authority = { name: rootName, privateKey: rootKey };
  const root =
    under?.root ??
    makeCertificate(
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

/** The signer in the seam that later revisions are signed through. */
export const revisionSigner = (signer: SampleSigner): RevisionSigner => ({
  certificate: signer.certificate,
  chain: [signer.root],
  algorithm: signer.algorithm,
  sign: async (attributes) => rawSignature(signer, attributes),
});
