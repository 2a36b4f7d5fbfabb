import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isStationError } from '../../../electron/contract/station-error.ts';
import { createRenderer } from '../../../electron/station/documents/renderer.ts';
import { approvedHashOf } from '../../../electron/station/documents/signature-place.ts';
import { aFace, FONTS, TYPE_IDS } from './a-face.ts';

const renderer = createRenderer(FONTS);

/** The StationError a call throws, as code and details. */
function refusal(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    if (isStationError(error)) return { code: error.code, ...error.details };
    throw error;
  }
  return 'accepted';
}

describe('documents.render', () => {
  it.each(TYPE_IDS)('makes the same bytes of %s again, whatever was rendered between', (id) => {
    const first = renderer.render(aFace(id));
    renderer.render(aFace(id, { licenceNumber: '另一号', training: true }));
    const again = renderer.render(aFace(id));
    expect(Buffer.from(again.bytes).equals(first.bytes)).toBe(true);
    expect(first.approvedHash).toBe(createHash('sha256').update(first.bytes).digest('hex'));
    expect(approvedHashOf(first.bytes)).toBe(first.approvedHash);
    expect(first).toMatchObject({ rendererVersion: 'banjie-pdf-1', templateVersion: '1' });
  });

  it('gives another hash for any other value, date, number, seal or profile', () => {
    const base = aFace('zhaijidi');
    const hashes = [
      base,
      aFace('zhaijidi', { set: { north: '菜园' } }),
      aFace('zhaijidi', { set: { householderCode: '420626198305238215' } }),
      aFace('zhaijidi', { conclusionDay: '2026-11-29' }),
      aFace('zhaijidi', { licenceNumber: '农宅字第4206262026000002号' }),
      aFace('zhaijidi', {
        seal: {
          name: base.seal.name,
          image: { format: 'round', diameterMm: 42, ringText: '保康县马良镇人民政府', centre: 'star', lowerText: '' },
        },
      }),
      aFace('zhaijidi', { training: true }),
    ].map((face) => renderer.render(face).approvedHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('refuses a character no font draws, with the item and the character', () => {
    expect(refusal(() => renderer.render(aFace('zhaijidi', { set: { householderName: '王\uE123' } })))).toEqual({
      code: 'CHARACTER_WITHOUT_GLYPH',
      field: 'householderName',
      character: '\uE123',
    });
    expect(refusal(() => renderer.render(aFace('caifa', { set: { site: '城关镇\u{2FFFF}村' } })))).toMatchObject({ field: 'site' });
    expect(renderer.missingGlyphs('王\uE123㛃𬭎\uE123·')).toEqual(['\uE123']);
  });

  it.each([
    ['zhaijidi', 'remarks'],
    ['zhaijidi', 'location'],
    ['guihua', 'attachments'],
    ['caifa', 'treeSpecies'],
    ['xiaozuofang', 'address'],
  ] as const)('takes the longest value the catalogue allows and refuses a far longer one: %s.%s', (id, key) => {
    const face = aFace(id);
    const longest = face.type.items.find((item) => item.key === key)?.maxLength ?? 0;
    expect(refusal(() => renderer.render(aFace(id, { set: { [key]: '保'.repeat(longest) } })))).toBe('accepted');
    expect(refusal(() => renderer.render(aFace(id, { set: { [key]: '保'.repeat(700) } })))).toEqual({
      code: 'TEXT_DOES_NOT_FIT',
      field: key,
    });
  });

  it('takes every item of every type at its greatest length, all at once', () => {
    for (const id of TYPE_IDS) {
      const { type } = aFace(id);
      const set = Object.fromEntries(
        type.items.filter((item) => item.kind === 'text').map((item) => [item.key, '鬱'.repeat(item.maxLength)]),
      );
      expect({ id, result: refusal(() => renderer.render(aFace(id, { set }))) }).toEqual({ id, result: 'accepted' });
    }
  });

  it('refuses a face template that is not there, and a broken one by its file', () => {
    const face = aFace('zhaijidi');
    const type = { ...face.type, faceTemplate: { id: 'zhaijidi', version: '99' } };
    expect(refusal(() => renderer.render({ ...face, type }))).toMatchObject({ code: 'CATALOGUE_INVALID', file: 'zhaijidi.json' });
    const templatesDir = mkdtempSync(path.join(tmpdir(), 'templates-'));
    writeFileSync(path.join(templatesDir, 'bad.json'), '{"id":"bad"}');
    expect(refusal(() => createRenderer({ ...FONTS, templatesDir }))).toMatchObject({ code: 'CATALOGUE_INVALID', file: 'bad.json' });
    writeFileSync(path.join(templatesDir, 'bad.json'), '{');
    expect(refusal(() => createRenderer({ ...FONTS, templatesDir }))).toMatchObject({ problem: expect.stringContaining('not JSON') });
  });

  it('draws a seal given as PNG with its transparency, and refuses what is no PNG it understands', () => {
    const seal = (data: Buffer) => ({
      seal: { name: '印', image: { format: 'png' as const, data: data.toString('base64'), widthMm: 42, heightMm: 42 } },
    });
    const png = redCornerPng();
    const text = Buffer.from(renderer.render(aFace('caifa', seal(png))).bytes).toString('latin1');
    expect(text).toMatch(/\/Subtype\/Image\/Width 2\/Height 2\/BitsPerComponent 8\/ColorSpace\/DeviceRGB\/SMask/);
    const deep = Buffer.from(png);
    deep[24] = 16;
    const damaged = Buffer.from(png);
    damaged[44] = 0xff;
    for (const data of [deep, damaged, Buffer.from('not a picture'), png.subarray(0, 40)]) {
      expect(refusal(() => renderer.render(aFace('caifa', seal(data))))).toMatchObject({ code: 'INPUT_INVALID', field: 'seal' });
    }
  });

  it('says which fonts it used', () => {
    expect(renderer.fontsHash).toMatch(/^[0-9a-f]{64}$/);
    expect(renderer.version).toBe('banjie-pdf-1');
  });
});

/** 2 × 2 RGBA, 8 bits: one red pixel, three transparent ones. */
function redCornerPng(): Buffer {
  const chunk = (tag: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(tag, 'latin1'), data, Buffer.alloc(4)]);
  };
  const rows = Buffer.from([0, 255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 6, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
