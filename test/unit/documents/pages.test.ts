import { PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, it } from 'vitest';
import { printCopy } from '../../../electron/station/documents/print-copy.ts';
import { printLarge } from '../../../electron/station/documents/print-large.ts';
import { createRenderer } from '../../../electron/station/documents/renderer.ts';
import { sampleFace } from '../../../electron/station/documents/sample-faces.ts';
import { renderSlip } from '../../../electron/station/documents/slip.ts';
import { aFace, FONTS } from './a-face.ts';

const renderer = createRenderer(FONTS);
const slip = {
  title: '证照领取回执',
  subtitle: '马桥镇政务服务站',
  lines: [{ label: '领取人', value: '崔㛃桂（户主本人）' }],
  notes: ['请当场核对。'],
  signatureLines: ['领取人签名：'],
  training: false,
} as const;

describe('documents.printCopy', () => {
  it('leaves nothing a program could take for the licence: no field, signature, attachment or metadata', async () => {
    const licence = renderer.render(aFace('guihua')).bytes;
    const before = Buffer.from(licence);
    const printed = await printCopy(renderer, licence, { printedOn: '2026-12-01' });
    const text = Buffer.from(printed).toString('latin1');
    const words = ['/AcroForm', '/Sig', '/ByteRange', '/EmbeddedFile', '/Widget', '/Metadata'];
    expect(words.filter((word) => text.includes(word))).toEqual([]);
    expect(before.equals(licence)).toBe(true);
    expect((await PDFDocument.load(printed)).getPageCount()).toBe(1);
  });

  it('gives the same bytes for the same day and refuses what is no PDF', async () => {
    const licence = renderer.render(aFace('caifa')).bytes;
    const [first, again] = [
      await printCopy(renderer, licence, { printedOn: '2026-12-01' }),
      await printCopy(renderer, licence, { printedOn: '2026-12-01' }),
    ];
    expect(Buffer.from(first).equals(again)).toBe(true);
    await expect(printCopy(renderer, Buffer.from('no pdf'), { printedOn: '2026-12-01' })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });
});

describe('documents.printLarge', () => {
  const o = { printedOn: '2026-12-01', training: false } as const;

  it('leaves nothing a program could take for the licence, and fits A4 whatever the data', async () => {
    const face = sampleFace(aFace('caifa').type, 'longest');
    const printed = await printLarge(renderer, renderer.render(face).bytes, face.type, o);
    const text = Buffer.from(printed).toString('latin1');
    expect(['/AcroForm', '/Sig', '/ByteRange', '/EmbeddedFile', '/Widget'].filter((word) => text.includes(word))).toEqual([]);
    const sheets = (await PDFDocument.load(printed)).getPages();
    expect(sheets.length).toBeGreaterThan(2);
    for (const sheet of sheets)
      expect([sheet.getWidth(), sheet.getHeight()].map((points) => Math.round((points * 25.4) / 72))).toEqual([210, 297]);
  });

  it('refuses a PDF that is no licence of ours', async () => {
    const slipFile = renderSlip(renderer, slip);
    for (const bytes of [slipFile, Buffer.from('no pdf')])
      await expect(printLarge(renderer, bytes, aFace('caifa').type, o)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

describe('documents.renderSlip', () => {
  it('makes one page without seal or signature, the same bytes each time', () => {
    const first = renderSlip(renderer, slip);
    expect(Buffer.from(renderSlip(renderer, slip)).equals(first)).toBe(true);
    const text = Buffer.from(first).toString('latin1');
    expect([text.includes('/Count 1'), text.includes('/Sig')]).toEqual([true, false]);
  });

  it('refuses more than a page holds and characters without glyph, with the line named', () => {
    const line = { label: '备注', value: '很长'.repeat(40) };
    expect(() => renderSlip(renderer, { ...slip, lines: Array.from({ length: 40 }, () => line) })).toThrow(
      expect.objectContaining({ code: 'TEXT_DOES_NOT_FIT', details: { field: '备注' } }),
    );
    expect(() => renderSlip(renderer, { ...slip, notes: ['\uE000'] })).toThrow(
      expect.objectContaining({ code: 'CHARACTER_WITHOUT_GLYPH', details: { field: 'notes', character: '\uE000' } }),
    );
  });
});
