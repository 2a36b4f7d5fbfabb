import { describe, expect, it } from 'vitest';
import { MOST_ATTACHED_BYTES } from '../../../electron/contract/licence.ts';
import { isStationError } from '../../../electron/contract/station-error.ts';
import { attachmentLines, type FaceAttachment } from '../../../electron/station/documents/attachments.ts';
import { createRenderer, rendererOf } from '../../../electron/station/documents/renderer.ts';
import { sampleFace } from '../../../electron/station/documents/sample-faces.ts';
import { FaceTemplate } from '../../../electron/station/documents/template.ts';
import { aFace, FONTS, TYPE_IDS } from './a-face.ts';
import { aNewTemplate, aNewType } from './a-new-type.ts';
import { aPhoto, aPlan } from './an-attachment.ts';

const renderer = createRenderer(FONTS);
const fifth = rendererOf(renderer.fonts, new Map([['yulao/1', FaceTemplate.parse(aNewTemplate)]]));
const pagesOf = (bytes: Uint8Array) => Number(/\/Type\/Pages\/Count (\d+)/.exec(Buffer.from(bytes).toString('latin1'))?.[1]);
const refusal = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    if (isStationError(error)) return { code: error.code, ...error.details };
    throw error;
  }
  return 'accepted';
};

describe('documents.attachments', () => {
  it.each(TYPE_IDS)('go into %s, each with its name and hash on the face, and change what is approved', (id) => {
    const plain = renderer.render(aFace(id));
    const attached = renderer.render(aFace(id, { attachments: [aPlan(), aPhoto()] }));
    expect(attached.approvedHash).not.toBe(plain.approvedHash);
    expect(pagesOf(attached.bytes)).toBe(1);
    const text = Buffer.from(attached.bytes).toString('latin1');
    expect(text.match(/\/AFRelationship\/Supplement/g)).toHaveLength(2);
    expect(text).toContain(Buffer.from(aPhoto().bytes).toString('latin1'));
    const other = { ...aPlan(), bytes: Buffer.concat([aPlan().bytes, Buffer.from('\n')]) };
    expect(renderer.render(aFace(id, { attachments: [other, aPhoto()] })).approvedHash).not.toBe(attached.approvedHash);
    expect(renderer.render(aFace(id, { attachments: [] })).approvedHash).toBe(plain.approvedHash);
  });

  it('may be signed themselves: the file still speaks of one signature, and gives them back as they are', () => {
    const signed = { ...aPlan(), bytes: renderer.render(aFace('caifa')).bytes };
    const text = Buffer.from(renderer.render(aFace('guihua', { attachments: [signed] })).bytes).toString('latin1');
    expect(text.match(/\/ByteRange/g)).toHaveLength(1);
    expect(text.match(/%%EOF/g)).toHaveLength(1);
  });

  it('refuses a picture that would be taken for a signature', () => {
    const odd = { ...aPhoto(), bytes: Buffer.concat([aPhoto().bytes, Buffer.from('/ByteRange[0 1 2 3]')]) };
    expect(refusal(() => renderer.render(aFace('guihua', { attachments: [aPlan(), odd] })))).toEqual({
      code: 'ATTACHMENT_REFUSED',
      fileName: odd.name,
      problem: 'attachmentConfusing',
    });
  });

  it('are named on the face by the first 16 digits of their hash', () => {
    expect(attachmentLines([aPlan()])[0]).toMatch(/^附件1：总平面图\.pdf　SHA-256 [0-9A-F]{16}…$/);
  });

  it('are listed on an annex page when the face has no room for them', () => {
    const names = Array.from({ length: 10 }, (_, i) => aPlan(`${'很长的附件名称'.repeat(6)}${i + 1}.pdf`));
    expect(pagesOf(renderer.render(aFace('caifa', { attachments: names })).bytes)).toBe(2);
  });

  it.each<[string, readonly FaceAttachment[], string]>([
    ['a name twice', [aPlan(), aPlan()], 'attachmentNameTwice'],
    ['the name of the data', [aPlan('licence.xml')], 'attachmentEnding'],
    ['a path', [aPlan('../总平面图.pdf')], 'attachmentName'],
    ['a hidden direction mark', [aPlan('总\u202Efdp.pdf')], 'attachmentName'],
    ['another ending', [aPlan('总平面图.exe')], 'attachmentEnding'],
    ['bytes of another kind', [{ ...aPlan(), bytes: aPhoto().bytes }], 'attachmentKind'],
    ['no bytes', [{ ...aPlan(), bytes: new Uint8Array() }], 'attachmentKind'],
    ['too many', Array.from({ length: 11 }, (_, i) => aPlan(`${i}.pdf`)), 'attachmentTooMany'],
    ['too large', [{ ...aPlan(), bytes: Buffer.concat([aPlan().bytes, Buffer.alloc(MOST_ATTACHED_BYTES)]) }], 'attachmentTooLarge'],
  ])('refuses %s', (_what, attachments, problem) => {
    expect(refusal(() => renderer.render(aFace('guihua', { attachments })))).toMatchObject({
      code: 'ATTACHMENT_REFUSED',
      fileName: attachments.at(-1)?.name,
      problem,
    });
  });

  it('refuses a file name no font draws, and files for a face without a place for them', () => {
    expect(refusal(() => renderer.render(aFace('guihua', { attachments: [aPlan('图\uE000.pdf')] })))).toMatchObject({
      code: 'CHARACTER_WITHOUT_GLYPH',
      field: 'attachments',
      character: '\uE000',
    });
    const bare = { ...aNewTemplate, elements: aNewTemplate.elements.filter(({ kind }) => kind !== 'attachments') };
    const without = rendererOf(renderer.fonts, new Map([['yulao/1', FaceTemplate.parse(bare)]]));
    expect(refusal(() => without.render({ ...sampleFace(aNewType(), 'rare'), attachments: [aPlan()] }))).toEqual({
      code: 'ATTACHMENT_REFUSED',
      fileName: '总平面图.pdf',
      problem: 'attachmentNoPlace',
    });
  });
});

describe('documents.annex', () => {
  const face = (conditions: string) => sampleFace(aNewType(), 'shortest', { conditions });

  it('takes a text the face has no room for, on as many pages as it needs, and none for a short one', () => {
    expect(pagesOf(fifth.render(face('禁渔期内不得作业。')).bytes)).toBe(1);
    expect(pagesOf(fifth.render(face('禁渔期内不得作业。'.repeat(50))).bytes)).toBe(2);
    expect(pagesOf(fifth.render(face('禁渔期内不得作业。\n'.repeat(60))).bytes)).toBe(4);
  });

  it('refuses more than eight pages, and a character without glyph, with the item named', () => {
    expect(refusal(() => fifth.render(face('禁渔期内不得作业。\n'.repeat(400))))).toEqual({
      code: 'TEXT_DOES_NOT_FIT',
      field: 'conditions',
    });
    expect(refusal(() => fifth.render(face(`${'禁渔'.repeat(300)}\uE000`)))).toMatchObject({
      code: 'CHARACTER_WITHOUT_GLYPH',
      field: 'conditions',
    });
  });
});
