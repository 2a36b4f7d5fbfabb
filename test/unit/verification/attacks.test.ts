import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FindingCode } from '../../../electron/contract/verification.ts';
import { textString } from '../../../electron/station/documents/pdf/pdf-syntax.ts';
import { type AnnotatedCopy, stampWords, withCopyElements } from '../../../electron/station/documents/revisions/annotated-copy.ts';
import { approvedHashOf, locateSignature } from '../../../electron/station/documents/signature-place.ts';
import { verifyDocument } from '../../../electron/station/documents/verification/verify-document.ts';
import { bytes, latin1, objectText, signedUpdate, streamObject, update } from '../../support/hostile-update.ts';
import { aSigner, sealSample, unsignedSample } from '../../support/sealed-sample.ts';

const unsigned = unsignedSample();
const issuer = aSigner();
/** A person with a trusted certificate who is not the issuer: trust alone must not let a change through. */
const other = aSigner('ECDSA-P256-SHA256', {}, issuer);
const sealed = sealSample(issuer, unsigned, approvedHashOf(unsigned));
const AT = '2026-11-21T00:00:00.000Z';
const check = (pdf: Uint8Array) => verifyDocument(pdf, { trustAnchors: [issuer.root], at: AT });
const codesOf = (pdf: Uint8Array): readonly FindingCode[] => check(pdf).findings.map(({ code }) => code);

const PAGE = objectText(sealed, 3);
const CATALOG = objectText(sealed, 1);
const XMP = latin1(bytes(objectText(sealed, 8)))
  .replace(/^[\s\S]*?stream\n/, '')
  .replace(/\nendstream$/, '');
const changed = (text: string, from: string | RegExp, to: string): string => {
  const result = text.replace(from, to);
  expect(result).not.toBe(text);
  return result;
};
/** `seal-2` signed: what makes an update a signed one. */
const FIELD = { 9: changed(objectText(sealed, 9), /\/F 132/, '/F 132/V 50 0 R') };
const signed = (objects: Readonly<Record<number, string>>) => signedUpdate(sealed, other, 50, { objects: { ...FIELD, ...objects } });
const overlay = streamObject('1 1 1 rg 0 0 595 842 re f', '/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<>>');

it('starts from a file and from a second seal that are valid', () => {
  expect(check(sealed).result).toBe('valid');
  expect(check(signed({}))).toMatchObject({
    result: 'valid',
    signatures: [
      { field: 'seal-1', coversWholeDocument: false },
      { field: 'seal-2', coversWholeDocument: true },
    ],
    revisions: [{ changes: [{ kind: 'original' }] }, { signature: 1, changes: [{ kind: 'signatureAdded', field: 'seal-2' }], refused: [] }],
  });
});

const copy: AnnotatedCopy = { purpose: '办理补助', maker: '政务服务中心', madeAt: '20261120173000', until: '20261231235959' };
const xmpOf = (each: AnnotatedCopy) =>
  Buffer.from(withCopyElements(Buffer.from(XMP, 'latin1').toString('utf8'), each) ?? '', 'utf8').toString('latin1');
const stamp = (each = copy, rest = '') =>
  `<</Type/Annot/Subtype/Stamp/Name/AnnotatedCopy/NM(copy)/F 132/Rect[34 2 560 24]/P 3 0 R/T${textString(each.maker)}/Contents${textString(stampWords(each))}/AP<</N 61 0 R>>${rest}>>`;
const look = streamObject('0 0 m 9 9 l S', '/Type/XObject/Subtype/Form/BBox[0 0 526 22]/Resources<<>>');
const metadata = streamObject(xmpOf(copy), '/Type/Metadata/Subtype/XML');
const rightCopy = { 3: changed(PAGE, '13 0 R]', '13 0 R 60 0 R]'), 8: metadata, 60: stamp(), 61: look };

const pageChanges: readonly (readonly [string, Readonly<Record<number, string>>, FindingCode])[] = [
  ['the page content is replaced (shadow replace)', { 4: streamObject('BT /F1 24 Tf 72 700 Td (Licence 999999) Tj ET') }, 'CHANGED_PAGE'],
  [
    'the page is given other content',
    { 3: changed(PAGE, '/Contents 4 0 R', '/Contents 60 0 R'), 60: streamObject('BT ET') },
    'CHANGED_PAGE',
  ],
  [
    'content is laid over it (shadow hide)',
    { 3: changed(PAGE, '/Contents 4 0 R', '/Contents[4 0 R 60 0 R]'), 60: streamObject('0 g 0 0 595 842 re f') },
    'CHANGED_PAGE',
  ],
  [
    'the page tree is replaced (hide and replace)',
    { 2: '<</Type/Pages/Kids[60 0 R]/Count 1>>', 60: changed(PAGE, '4 0 R', '61 0 R'), 61: streamObject('') },
    'CHANGED_PAGE',
  ],
  [
    'a page is added',
    { 2: '<</Type/Pages/Kids[3 0 R 60 0 R]/Count 2>>', 60: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>' },
    'CHANGED_PAGE',
  ],
  ['the font is replaced', { 5: '<</Type/Font/Subtype/Type1/BaseFont/Symbol>>' }, 'CHANGED_PAGE'],
  [
    'the resources name another font',
    { 3: changed(PAGE, '/F1 5 0 R', '/F1 60 0 R'), 60: '<</Type/Font/Subtype/Type1/BaseFont/Symbol>>' },
    'CHANGED_PAGE',
  ],
  ['the page is turned or cut', { 3: changed(PAGE, '/Type/Page/', '/Type/Page/CropBox[0 0 9 9]/Rotate 90/') }, 'CHANGED_PAGE'],
  ['layers are put in', { 1: changed(CATALOG, '/Pages', '/OCProperties<</OCGs[]/D<<>>>>/Pages') }, 'CHANGED_PAGE'],
  [
    'the catalogue names another page tree',
    { 1: changed(CATALOG, '/Pages 2 0 R', '/Pages 60 0 R'), 60: '<</Type/Pages/Kids[]/Count 0>>' },
    'CHANGED_PAGE',
  ],
  ['the attached data are replaced', { 16: streamObject('<b/>', '/Type/EmbeddedFile') }, 'CHANGED_ATTACHMENT'],
  [
    'another file is attached in its place',
    { 14: '<</Type/Filespec/F(data.xml)/EF<</F 60 0 R>>>>', 60: streamObject('<b/>') },
    'CHANGED_ATTACHMENT',
  ],
  ['the attached files are named anew', { 1: changed(CATALOG, '(data.xml)', '(other.xml)') }, 'CHANGED_ATTACHMENT'],
  [
    'the metadata are altered',
    { 8: streamObject(changed(XMP, 'application/pdf', 'application/xml'), '/Type/Metadata/Subtype/XML') },
    'CHANGED_METADATA',
  ],
  [
    'the catalogue names other metadata',
    { 1: changed(CATALOG, '/Metadata 8 0 R', '/Metadata 60 0 R'), 60: streamObject(XMP) },
    'CHANGED_METADATA',
  ],
  ['title and author are altered', { 7: '<</Producer(sample)/Title(Another)>>' }, 'CHANGED_METADATA'],
  [
    'the seal is given an appearance',
    { 6: changed(objectText(sealed, 6), '/F 132', '/F 132/AP<</N 60 0 R>>'), 60: overlay },
    'CHANGED_FORM',
  ],
  ['the seal is moved over the page', { 6: changed(objectText(sealed, 6), 'Rect[0 0 0 0]', 'Rect[0 0 595 842]') }, 'CHANGED_FORM'],
  ['the seal is taken out of its field', { 6: changed(objectText(sealed, 6), '/V 15 0 R', '') }, 'CHANGED_FORM'],
  ['an empty field is made large', { 10: changed(objectText(sealed, 10), 'Rect[0 0 0 0]', 'Rect[0 0 595 842]') }, 'CHANGED_FORM'],
  ['a text field is added', { 1: changed(CATALOG, 'Fields[', 'Fields[60 0 R '), 60: '<</FT/Tx/T(x)/V(y)>>' }, 'CHANGED_FORM'],
  [
    'a text field is added at the end',
    { 1: changed(CATALOG, ']>>/Perms', ' 60 0 R]>>/Perms'), 60: '<</FT/Tx/T(x)/V(y)>>' },
    'CHANGED_FORM',
  ],
  [
    'appearances are to be made anew by the reader',
    { 1: changed(CATALOG, '/SigFlags 3', '/SigFlags 3/NeedAppearances true') },
    'CHANGED_FORM',
  ],
  ['the certification is withdrawn', { 1: changed(CATALOG, /\/Perms<<[^>]*>>/, '') }, 'CHANGED_FORM'],
  [
    'an action is run on opening',
    { 1: changed(CATALOG, '/Pages', '/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/Pages') },
    'CHANGED_OTHER',
  ],
  [
    'a note is added',
    { 3: changed(PAGE, /13 0 R]/, '13 0 R 60 0 R]'), 60: '<</Type/Annot/Subtype/FreeText/Rect[9 9 500 800]/DA(/Helv 9 Tf)/Contents(x)>>' },
    'ANNOTATION_CHANGED',
  ],
  [
    'a stamp covers the page',
    {
      3: changed(PAGE, /13 0 R]/, '13 0 R 60 0 R]'),
      60: '<</Type/Annot/Subtype/Stamp/F 4/Rect[0 0 595 842]/AP<</N 61 0 R>>>>',
      61: overlay,
    },
    'ANNOTATION_CHANGED',
  ],
  [
    'the annotations are exchanged',
    { 3: changed(PAGE, '/Annots[6 0 R', '/Annots[60 0 R'), 60: objectText(sealed, 6) },
    'ANNOTATION_CHANGED',
  ],
  ['objects are laid in for later use', { 60: streamObject('BT ET'), 61: '<</Type/Page>>' }, 'HIDDEN_OBJECTS'],
];

describe('verification.attacks: a later revision that changes what may not change', () => {
  it.each(pageChanges)('is refused unsigned and signed by a trusted stranger: %s', (_what, objects, code) => {
    const bare = update(sealed, { objects });
    expect(codesOf(bare)).toEqual(expect.arrayContaining([code, 'BYTES_AFTER_SIGNATURE']));
    expect(check(bare)).toMatchObject({ result: 'invalid', signatures: [{ intact: true }] });
    const countersigned = signed(objects);
    expect(codesOf(countersigned)).toContain(code);
    expect(check(countersigned)).toMatchObject({ result: 'invalid', signatures: [{ intact: true }, { intact: true }] });
    expect(check(countersigned).revisions[1]?.refused).toContain(code);
  });

  it('is refused also when a good revision follows it', () => {
    const hidden = update(sealed, { objects: { 4: streamObject('BT ET') } });
    const countersigned = signedUpdate(hidden, other, 50, { objects: FIELD });
    expect(codesOf(countersigned)).toContain('CHANGED_PAGE');
    expect(check(countersigned).result).toBe('invalid');
  });

  it('is refused when it changes nothing, but nobody signed it', () => {
    expect(codesOf(update(sealed, { objects: {} }))).toContain('BYTES_AFTER_SIGNATURE');
    expect(codesOf(update(sealed, { objects: { 4: objectText(sealed, 4) } }))).toContain('BYTES_AFTER_SIGNATURE');
  });

  it('is refused when it frees an object', () => {
    expect(codesOf(update(sealed, { objects: {}, free: [4] }))).toContain('CHANGED_OTHER');
    expect(codesOf(signedUpdate(sealed, other, 50, { objects: FIELD, free: [14] }))).toContain('CHANGED_OTHER');
  });

  it('is refused when it names another catalogue', () => {
    const objects = { 60: CATALOG };
    const trailer = (right: string) => right.replace('/Root 1 0 R', '/Root 60 0 R');
    expect(check(update(sealed, { objects, trailer })).result).toBe('invalid');
    expect(codesOf(signedUpdate(sealed, other, 50, { objects: { ...FIELD, ...objects }, trailer }))).toContain('STRUCTURE_BROKEN');
  });
});

describe('verification.attacks: signatures that are none', () => {
  const replaced = (from: string | RegExp, to: string) => bytes(changed(latin1(sealed), from, to));

  it.each([
    ['no /ByteRange', /\/ByteRange\[[^\]]*\]/, ''],
    ['an empty /ByteRange', /\/ByteRange\[[^\]]*\]/, '/ByteRange[]'],
    ['a null /ByteRange', /\/ByteRange\[[^\]]*\]/, '/ByteRange null'],
    ['a negative /ByteRange', /\/ByteRange\[0 \d+/, '/ByteRange[0 -1'],
    ['no /Contents', /\/Contents<[0-9a-f]+>/, ''],
    ['an empty /Contents', /\/Contents<[0-9a-f]+>/, '/Contents<>'],
    ['a null /Contents', /\/Contents<[0-9a-f]+>/, '/Contents null'],
    ['a zero /Contents', /\/Contents<[0-9a-f]+>/, '/Contents<00>'],
    ['/Contents elsewhere', /\/Contents<[0-9a-f]+>/, '/Contents 4 0 R'],
    ['another name of the key', '/ByteRange[', '/ByteRangf['],
    ['no value in the field', '/V 15 0 R', '/W 15 0 R'],
  ])('universal forgery: %s', (_what, from, to) => {
    expect(check(replaced(from, to)).result).toBe('invalid');
  });

  it('forgery in a later revision: a field whose signature holds nothing', () => {
    for (const dictionary of [
      '<</Type/Sig/SubFilter/ETSI.CAdES.detached>>',
      '<</Type/Sig/ByteRange null/Contents null>>',
      'null',
      '<<>>',
    ]) {
      const forged = update(sealed, { objects: { ...FIELD, 50: dictionary } });
      expect(check(forged).result).toBe('invalid');
      expect(codesOf(forged)).toContain('SIGNATURE_UNREADABLE');
    }
  });

  it('wrapping: the old signature moved behind injected content, the gap widened', () => {
    const { contents } = locateSignature(sealed);
    const text = latin1(sealed);
    const close = contents.start + contents.length + 1;
    const injected = '\n4 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n';
    const wrapped = text.slice(0, close) + injected + text.slice(close);
    expect(check(bytes(wrapped)).result).toBe('invalid');
    const range = /\/ByteRange\[0 (\d+) *(\d+) +(\d+) *\]/.exec(text);
    const moved = wrapped.replace(
      range?.[0] ?? '',
      `/ByteRange[0 ${range?.[1]} ${close + injected.length} ${range?.[3]}`.padEnd((range?.[0].length ?? 1) - 1).concat(']'),
    );
    expect(check(bytes(moved)).result).toBe('invalid');
  });

  it('wrapping: the old signature copied into a later revision', () => {
    const copy = update(sealed, { objects: { 9: FIELD[9], 50: objectText(sealed, 15) } });
    expect(codesOf(copy)).toContain('BYTE_RANGE_WRONG');
    const moved = update(sealed, { objects: { 6: changed(objectText(sealed, 6), '15 0 R', '50 0 R'), 50: objectText(sealed, 15) } });
    expect(check(moved).result).toBe('invalid');
  });

  it('a signature that belongs to no field, or to two', () => {
    const loose = signedUpdate(sealed, other, 50, { objects: {} });
    expect(codesOf(loose)).toEqual(expect.arrayContaining(['SIGNATURE_MISPLACED', 'HIDDEN_OBJECTS']));
    const twice = signed({ 10: changed(objectText(sealed, 10), '/F 132', '/F 132/V 50 0 R') });
    expect(codesOf(twice)).toContain('SIGNATURE_MISPLACED');
  });

  it('a later signature that signs only the first revision, so that its own is signed by nobody', () => {
    const range = /\/ByteRange\[0 (\d+) *(\d+) +(\d+) *\]/.exec(latin1(signed({})).slice(sealed.length));
    const text = latin1(signed({}));
    const short =
      text.slice(0, sealed.length) +
      text
        .slice(sealed.length)
        .replace(range?.[0] ?? '', `/ByteRange[0 ${range?.[1]} ${range?.[2]} 9`.padEnd((range?.[0].length ?? 1) - 1).concat(']'));
    expect(check(bytes(short)).result).toBe('invalid');
    expect(codesOf(bytes(short))).toContain('BYTES_AFTER_SIGNATURE');
  });

  it('two signatures over one revision, and a certifying signature that comes later', () => {
    expect(codesOf(signed({ 10: changed(objectText(sealed, 10), '/F 132', '/F 132/V 15 0 R') }))).toContain('SIGNATURE_MISPLACED');
    const entries =
      '/Type/Sig/SubFilter/ETSI.CAdES.detached/M(D:20261120093000Z)/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P 3/V/1.2>>>>]';
    expect(codesOf(signedUpdate(sealed, other, 50, { objects: FIELD, entries }))).toContain('CHANGED_FORM');
  });
});

describe('verification.attacks: certified documents', () => {
  // The renderer's own dictionary says 3: the others are made by hand, the certification in a second revision.
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16];
  const plain = Object.fromEntries(
    numbers.map((number) => [
      number,
      objectText(sealed, number)
        .replace('/V 15 0 R', '')
        .replace(/\/Perms<<[^>]*>>/, ''),
    ]),
  );
  const base = update(bytes('%PDF-1.7\n'), { objects: plain, trailer: (right) => right.replace('/Prev 0', '') });
  const certified = (level: number) =>
    signedUpdate(base, issuer, 50, {
      objects: {
        6: changed(plain[6] ?? '', '/F 132', '/F 132/V 50 0 R'),
        1: changed(plain[1] ?? '', '/Pages', '/Perms<</DocMDP 50 0 R>>/Pages'),
      },
      entries: `/Type/Sig/SubFilter/ETSI.CAdES.detached/M(D:20261120083000Z)/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P ${level}/V/1.2>>>>]`,
    });
  const second = { 10: changed(objectText(sealed, 10), '/F 132', '/F 132/V 70 0 R') };
  const keeping = (pdf: Uint8Array) =>
    update(pdf, { objects: { 1: changed(objectText(pdf, 1), '/Pages', '/DSS 80 0 R/Pages'), 80: '<</Type/DSS/Certs[]>>' } });

  it.each([
    [1, 'invalid'],
    [2, 'valid'],
    [3, 'valid'],
  ] as const)('level %i: a second signature is %s, material for keeping is allowed', (level, result) => {
    const pdf = certified(level);
    expect(check(pdf).result).toBe('valid');
    expect(check(keeping(pdf)).result).toBe('valid');
    const countersigned = signedUpdate(pdf, other, 70, { objects: second });
    expect(check(countersigned).result).toBe(result);
    expect(codesOf(countersigned).includes('CERTIFICATION_FORBIDS')).toBe(result === 'invalid');
  });

  it.each([
    [1, 'invalid'],
    [2, 'invalid'],
    [3, 'valid'],
  ] as const)('level %i: an annotated copy is %s, any other annotation invalid', (level, result) => {
    expect(check(signedUpdate(certified(level), other, 70, { objects: { ...second, ...rightCopy } })).result).toBe(result);
    const note = { 3: rightCopy[3], 60: '<</Type/Annot/Subtype/FreeText/Rect[9 9 500 800]/DA(/Helv 9 Tf)/Contents(x)>>' };
    expect(codesOf(signedUpdate(certified(level), other, 70, { objects: { ...second, ...note } }))).toContain('ANNOTATION_CHANGED');
  });

  it('a visible second signature leaves a doubt where nothing was certified', () => {
    const visible = '<</Type/Annot/Subtype/Widget/FT/Sig/T(two)/F 132/Rect[9 9 99 99]/P 3 0 R/V 70 0 R/AP<</N 61 0 R>>>>';
    const first = signedUpdate(base, issuer, 50, { objects: { 6: changed(plain[6] ?? '', '/F 132', '/F 132/V 50 0 R') } });
    const objects = {
      1: changed(plain[1] ?? '', ']>>', ' 60 0 R]>>'),
      3: changed(PAGE, '13 0 R]', '13 0 R 60 0 R]'),
      60: visible,
      61: overlay,
    };
    const both = signedUpdate(first, other, 70, { objects });
    expect(check(both).result).toBe('cannotTell');
    expect(codesOf(both)).toContain('VISIBLE_SIGNATURE_ADDED');
  });

  it('a visible signature drawn over the page by a stranger (sneaky signature)', () => {
    const field = '<</Type/Annot/Subtype/Widget/FT/Sig/T(sneaky)/F 132/Rect[0 0 595 842]/P 3 0 R/V 50 0 R/AP<</N 61 0 R>>>>';
    const objects = {
      1: changed(CATALOG, ']>>/Perms', ' 60 0 R]>>/Perms'),
      3: changed(PAGE, '13 0 R]', '13 0 R 60 0 R]'),
      60: field,
      61: overlay,
    };
    const sneaky = signedUpdate(sealed, other, 50, { objects });
    expect(codesOf(sneaky)).toContain('CHANGED_PAGE');
    expect(check(sneaky).result).toBe('invalid');
    const invisible = signedUpdate(sealed, other, 50, { objects: { ...objects, 60: field.replace('0 0 595 842', '0 0 0 0') } });
    expect(check(invisible).result).toBe('valid');
  });
});

describe('verification.attacks: annotated copies that are none', () => {
  it('starts from one that is', () => {
    expect(check(signed(rightCopy))).toMatchObject({
      result: 'valid',
      revisions: [{}, { changes: [{ kind: 'signatureAdded' }, { kind: 'annotatedCopy', ...copy }] }],
    });
  });

  it('nobody signed it', () => {
    expect(codesOf(update(sealed, { objects: rightCopy }))).toEqual(expect.arrayContaining(['COPY_NOT_SIGNED', 'BYTES_AFTER_SIGNATURE']));
  });

  it('its time has run out', () => {
    const late = verifyDocument(signed(rightCopy), { trustAnchors: [issuer.root], at: '2026-12-31T16:00:00.000Z' });
    expect(late).toMatchObject({ result: 'cannotTell' });
    expect(late.findings).toContainEqual({ code: 'COPY_EXPIRED', signature: null });
  });

  it.each<readonly [string, Readonly<Record<number, string>>]>([
    ['the stamp lies over the face', { 60: changed(stamp(), 'Rect[34 2 560 24]', 'Rect[34 2 560 400]') }],
    ['the stamp lies beside the paper', { 60: changed(stamp(), 'Rect[34 2 560 24]', 'Rect[-900 2 560 24]') }],
    ['the stamp says another purpose than the metadata', { 60: stamp({ ...copy, purpose: '全部用途' }) }],
    ['the stamp names another maker', { 60: stamp({ ...copy, maker: '他人' }) }],
    ['the stamp has an action', { 60: stamp(copy, '/A<</S/URI/URI(http://example.org)>>') }],
    ['the stamp is hidden', { 60: changed(stamp(), '/F 132', '/F 134') }],
    ['the drawing has resources', { 61: changed(look, '/Resources<<>>', '/Resources<</XObject<</A 4 0 R>>>>') }],
    ['the drawing is a part of the page', { 60: changed(stamp(), '61 0 R', '4 0 R') }],
    ['there is no stamp', { 3: PAGE, 60: 'null', 61: 'null' }],
    ['there are two stamps', { 3: changed(PAGE, '13 0 R]', '13 0 R 60 0 R 62 0 R]'), 62: stamp() }],
    ['the metadata say nothing', { 8: objectText(sealed, 8) }],
    [
      'the metadata change elsewhere too',
      { 8: streamObject(changed(xmpOf(copy), 'application/pdf', 'application/xml'), '/Type/Metadata/Subtype/XML') },
    ],
    ['the validity ends before it begins', { 8: streamObject(xmpOf({ ...copy, until: '20251231235959' }), '/Type/Metadata/Subtype/XML') }],
    [
      'the metadata are packed',
      {
        8: streamObject(
          deflateSync(Buffer.from(xmpOf(copy), 'latin1')).toString('latin1'),
          '/Type/Metadata/Subtype/XML/Filter/FlateDecode',
        ),
      },
    ],
  ])('%s', (_what, objects) => {
    expect(check(signed({ ...rightCopy, ...objects })).result).toBe('invalid');
  });
});

describe('verification.attacks: files that two programs read differently', () => {
  const text = latin1(sealed);

  it.each<readonly [string, Uint8Array, FindingCode]>([
    ['something before the header', bytes(`junk\n${text}`), 'STRUCTURE_BROKEN'],
    ['another header before the header', bytes(`%PDF-1.4\n${text}`), 'STRUCTURE_BROKEN'],
    ['two startxref', bytes(`${text}startxref\n9\n%%EOF\n`), 'STRUCTURE_BROKEN'],
    ['a second end of file without a table', bytes(`${text}4 0 obj\n<<>>\nendobj\n%%EOF\n`), 'STRUCTURE_BROKEN'],
    [
      'a trailer without a table (incremental saving attack)',
      bytes(`${text}4 0 obj\n<<>>\nendobj\ntrailer\n<</Size 17/Root 1 0 R>>\nstartxref\n0\n%%EOF\n`),
      'STRUCTURE_BROKEN',
    ],
    ['a hybrid table', update(sealed, { objects: {}, trailer: (right) => right.replace('<<', '<</XRefStm 9') }), 'STRUCTURE_BROKEN'],
    [
      'encryption',
      update(sealed, { objects: {}, trailer: (right) => right.replace('<<', '<</Encrypt<</Filter/Standard>>') }),
      'FILE_ENCRYPTED',
    ],
    ['an object that no table knows', update(sealed, { objects: {}, stray: '4 0 obj\n<<>>\nendobj\n' }), 'STRUCTURE_BROKEN'],
    ['a comment with an object in it', update(sealed, { objects: {}, stray: '%4 0 obj <<>> endobj\n' }), 'STRUCTURE_BROKEN'],
    [
      'a revision that leads back to itself',
      update(sealed, { objects: {}, trailer: (right) => right.replace(/Prev \d+/, `Prev ${sealed.length}`) }),
      'STRUCTURE_BROKEN',
    ],
    [
      'a revision that passes over one',
      update(update(sealed, { objects: {} }), {
        objects: {},
        trailer: (right) => right.replace(/Prev \d+/, `Prev ${/startxref\n(\d+)/.exec(text)?.[1]}`),
      }),
      'STRUCTURE_BROKEN',
    ],
    [
      'a first revision that is not the first',
      update(sealed, { objects: {}, trailer: (right) => right.replace(/\/Prev \d+/, '') }),
      'STRUCTURE_BROKEN',
    ],
    ['a stream longer than it says', update(sealed, { objects: { 60: '<</Length 3>>\nstream\nBT ET\nendstream' } }), 'STRUCTURE_BROKEN'],
    ['a stream without a length', update(sealed, { objects: { 60: '<<>>\nstream\nBT ET\nendstream' } }), 'STRUCTURE_BROKEN'],
    ['a stream outside the file', update(sealed, { objects: { 60: '<</Length 0/F(x)>>\nstream\n\nendstream' } }), 'STRUCTURE_BROKEN'],
    ['a key twice', update(sealed, { objects: { 60: '<</A 1/A 2>>' } }), 'STRUCTURE_BROKEN'],
    ['a key twice, once escaped', update(sealed, { objects: { 60: '<</A 1/#41 2>>' } }), 'STRUCTURE_BROKEN'],
    [
      'a cross-reference stream',
      bytes(
        `${text}60 0 obj\n<</Type/XRef/Size 61/W[1 2 1]/Root 1 0 R/Length 0>>\nstream\n\nendstream\nendobj\nstartxref\n${text.length}\n%%EOF\n`,
      ),
      'STRUCTURE_UNKNOWN',
    ],
    [
      'objects in an object stream',
      update(sealed, { objects: { 60: streamObject('4 0 <<>>', '/Type/ObjStm/N 1/First 4') } }),
      'HIDDEN_OBJECTS',
    ],
  ])('%s', (_what, pdf, code) => {
    expect(codesOf(pdf)).toContain(code);
    expect(check(pdf).result).toBe('invalid');
  });

  it('a table that gives an object twice, points into a stream or into another revision', () => {
    const more = latin1(update(sealed, { objects: { 60: '<<>>' } }));
    for (const [from, to] of [
      ['xref\n60 1\n', `xref\n60 1\n${String(sealed.length).padStart(10, '0')} 00000 n \n60 1\n`],
      [String(sealed.length).padStart(10, '0'), '0000000100'],
      ['00000 n \ntrailer', '00001 n \ntrailer'],
    ] as const) {
      const at = more.indexOf(from, sealed.length);
      expect(at).toBeGreaterThan(0);
      const broken = more.slice(0, at) + to + more.slice(at + from.length);
      expect(check(bytes(broken)).result).toBe('invalid');
    }
  });
});

describe('verification.attacks: files that cost', () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024)).toString('latin1');
  const revisions = (count: number) => {
    let pdf = sealed;
    for (let i = 0; i < count; i++) pdf = update(pdf, { objects: { [100 + i]: 'null' } });
    return pdf;
  };

  const manyPages = () => {
    const kids = Array.from({ length: 40_000 }, (_, index) => 100 + index);
    const pages = Object.fromEntries(kids.map((number) => [number, '<</Type/Page/Parent 2 0 R>>']));
    let pdf = update(sealed, {
      objects: { 2: `<</Type/Pages/Kids[${kids.map((number) => `${number} 0 R`).join(' ')}]/Count 40000>>`, ...pages },
    });
    for (let i = 0; i < 60; i++) pdf = Buffer.concat([pdf, emptyRevision(pdf)]);
    return pdf;
  };
  const emptyRevision = (pdf: Uint8Array): Uint8Array => {
    const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(latin1(pdf.subarray(-60)))?.[1];
    return bytes(`xref\ntrailer\n<</Size 40100/Root 1 0 R/Prev ${previous}>>\nstartxref\n${pdf.length}\n%%EOF\n`);
  };

  it.each<readonly [string, () => Uint8Array]>([
    ['arrays in arrays', () => update(sealed, { objects: { 60: deep(100_000) } })],
    ['very many values', () => update(sealed, { objects: { 60: `[${'1 '.repeat(4_000_000)}]` } })],
    ['very many revisions', () => revisions(80)],
    [
      'a table of a thousand million objects',
      () => bytes(latin1(update(sealed, { objects: { 60: 'null' } })).replace('xref\n60 1\n', 'xref\n60 999999999\n')),
    ],
    ['pages that are their own children', () => update(sealed, { objects: { 2: '<</Type/Pages/Kids[2 0 R]/Count 1>>' } })],
    ['very many pages', () => update(sealed, { objects: { 2: `<</Type/Pages/Kids[${'3 0 R '.repeat(100_000)}]/Count 1>>` } })],
    [
      'references in a circle',
      () => update(sealed, { objects: { 60: '61 0 R', 61: '60 0 R', 1: changed(CATALOG, '/Pages', '/DSS 60 0 R/Pages') } }),
    ],
    ['fields that are their own children', () => update(sealed, { objects: { 6: '<</FT/Sig/T(a)/Kids[6 0 R]>>' } })],
    ['very many pages in very many revisions', () => manyPages()],
    ['very many /ByteRange in a stream', () => update(sealed, { objects: { 60: streamObject('/ByteRange[0 1 2 3]'.repeat(500_000)) } })],
    ['an open string to the end', () => update(sealed, { objects: { 60: `(${'('.repeat(2_000_000)}` } })],
    ['very many strings in escapes', () => update(sealed, { objects: { 8: `[${'(\\101\\)) '.repeat(300_000)}]` } })],
  ])('%s: answered soon, never valid', (_what, make) => {
    const pdf = make();
    const started = performance.now();
    expect(check(pdf).result).not.toBe('valid');
    // A guard against hanging, not a benchmark.
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('a packed list that unpacks to 64 MB is passed over, not unpacked', () => {
    const keeping = update(sealed, {
      objects: {
        1: changed(CATALOG, '/Pages', '/DSS 60 0 R/Pages'),
        60: `<</Type/DSS/CRLs[${'61 0 R '.repeat(50)}]>>`,
        61: streamObject(bomb, '/Filter/FlateDecode'),
      },
    });
    const before = process.memoryUsage().rss;
    const started = performance.now();
    expect(check(keeping)).toMatchObject({ result: 'valid', revisions: [{}, { changes: [{ kind: 'longTermData' }] }] });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });
});
