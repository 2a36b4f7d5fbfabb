// Small files to attach to a licence: a site plan as PDF, PNG or JPEG bytes.
import type { FaceAttachment } from '../../../electron/station/documents/attachments.ts';

const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>
`;

export const aPlan = (name = '总平面图.pdf'): FaceAttachment => ({ name, mediaType: 'application/pdf', bytes: Buffer.from(PDF) });
export const aPhoto = (name = '现场照片.jpg'): FaceAttachment => ({
  name,
  mediaType: 'image/jpeg',
  bytes: Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex'),
});
