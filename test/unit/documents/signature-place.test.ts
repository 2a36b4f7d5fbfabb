import { describe, expect, it } from 'vitest';
import { createRenderer } from '../../../electron/station/documents/renderer.ts';
import { approvedHashOf, CONTENTS_BYTES, locateSignature } from '../../../electron/station/documents/signature-place.ts';
import { aFace, FONTS } from './a-face.ts';

const renderer = createRenderer(FONTS);
const document = renderer.render(aFace('guihua'));
const place = locateSignature(document.bytes);

function sealed(): Buffer {
  const bytes = Buffer.from(document.bytes);
  bytes.write('20261130091500', place.signingTime.start, 'latin1');
  bytes.write('3082AbCd'.padEnd(200, '7'), place.contents.start, 'latin1');
  return bytes;
}

describe('documents.signaturePlace', () => {
  it('finds the two places and a byte range that leaves out exactly the /Contents string', () => {
    const { signingTime, contents, byteRange } = place;
    const text = Buffer.from(document.bytes).toString('latin1');
    expect(text.slice(signingTime.start - 5, signingTime.start + 21)).toBe("/M(D:00000000000000+00'00'");
    expect(contents.length).toBe(2 * CONTENTS_BYTES);
    expect(text.slice(contents.start, contents.start + contents.length)).toBe('0'.repeat(contents.length));
    expect(byteRange).toEqual([
      0,
      contents.start - 1,
      contents.start + contents.length + 1,
      document.bytes.length - contents.start - contents.length - 1,
    ]);
    const written = /\/ByteRange\[0 (\d+) +(\d+) +(\d+) *\]/.exec(text)?.slice(1).map(Number);
    expect(written).toEqual(byteRange.slice(1));
  });

  it('has the approved hash before and after sealing', () => {
    expect(approvedHashOf(sealed())).toBe(document.approvedHash);
    expect(locateSignature(sealed())).toEqual(place);
  });

  it('sees a change of any byte elsewhere: another hash, or a refusal', () => {
    for (let at = 0; at < document.bytes.length; at += at > place.signingTime.start - 200 && at < place.signingTime.start + 200 ? 1 : 997) {
      const inside = (range: { start: number; length: number }) => at >= range.start && at < range.start + range.length;
      if (inside(place.signingTime) || inside(place.contents)) continue;
      const changed = sealed();
      changed[at] = (changed[at] ?? 0) ^ 1;
      let hash = 'refused';
      try {
        hash = approvedHashOf(changed);
      } catch (error) {
        expect(error).toMatchObject({ code: 'HASH_CHANGED' });
      }
      expect(hash).not.toBe(document.approvedHash);
    }
  });

  it('refuses what is not exactly such a file: later revision, cut, foreign digits, other file', () => {
    const badTime = sealed();
    badTime.write('x', place.signingTime.start, 'latin1');
    const badHex = sealed();
    badHex.write('g', place.contents.start + 9, 'latin1');
    const later = Buffer.concat([sealed(), Buffer.from('1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n')]);
    const appended = Buffer.concat([sealed(), Buffer.from('\n')]);
    for (const bytes of [
      badTime,
      badHex,
      later,
      appended,
      sealed().subarray(0, 5000),
      Buffer.alloc(0),
      Buffer.from('%PDF-1.7\nstartxref\n5\n%%EOF\n'),
    ]) {
      expect(() => locateSignature(bytes)).toThrow(expect.objectContaining({ code: 'HASH_CHANGED' }));
    }
  });
});
