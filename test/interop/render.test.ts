// Licence documents judged by tools nobody here wrote. Text extraction does not prove that a glyph is visible, so ink is
// looked for in rasterised pages.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { printCopy } from '../../electron/station/documents/print-copy.ts';
import { printLarge } from '../../electron/station/documents/print-large.ts';
import { createRenderer } from '../../electron/station/documents/renderer.ts';
import { sampleFace } from '../../electron/station/documents/sample-faces.ts';
import { renderSlip } from '../../electron/station/documents/slip.ts';
import { aFace, FONTS, TYPE_IDS, type TypeId } from '../unit/documents/a-face.ts';
import { aPhoto, aPlan } from '../unit/documents/an-attachment.ts';
import { type Picture, rasterise, readPnm } from './rasterise.ts';

const renderer = createRenderer(FONTS);
const dir = mkdtempSync(path.join(tmpdir(), 'render-'));

function file(name: string, bytes: Uint8Array): string {
  const place = path.join(dir, `${name}.pdf`);
  writeFileSync(place, bytes);
  return place;
}
const tool = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' }, stdio: ['ignore', 'pipe', 'ignore'] });
/** Text without the spaces and breaks that layout puts between pieces. */
const textOf = (place: string): string => tool('pdftotext', '-raw', place, '-').replace(/\s/g, '');
const pages = Object.fromEntries(TYPE_IDS.map((id) => [id, file(id, renderer.render(aFace(id)).bytes)])) as Record<TypeId, string>;

/** Mean darkness, 0 white … 1 black, of a box in millimetres. */
function darkness(picture: Picture, x: number, y: number, w: number, h: number): number {
  const scale = picture.dpi / 25.4;
  let sum = 0;
  let count = 0;
  for (let py = Math.round(y * scale); py < Math.round((y + h) * scale); py++) {
    for (let px = Math.round(x * scale); px < Math.round((x + w) * scale); px++) {
      sum += 1 - (picture.pixels[py * picture.width + px] ?? 255) / 255;
      count += 1;
    }
  }
  return sum / count;
}

/** The darkest pixel of such a box: small marks have little ink, but some. The pale ground stays below 0.2. */
function darkest(picture: Picture, x: number, y: number, w: number, h: number): number {
  const scale = picture.dpi / 25.4;
  let least = 255;
  for (let py = Math.floor(y * scale); py < Math.ceil((y + h) * scale); py++) {
    for (let px = Math.floor(x * scale); px < Math.ceil((x + w) * scale); px++)
      least = Math.min(least, picture.pixels[py * picture.width + px] ?? 255);
  }
  return 1 - least / 255;
}

describe('interop.render', () => {
  it.each(TYPE_IDS)('qpdf and mutool find nothing wrong with %s', (id) => {
    const checked = spawnSync('qpdf', ['--check', pages[id]], { encoding: 'utf8' });
    expect(checked.stdout + checked.stderr).toContain('No syntax or stream encoding errors found');
    expect(checked.status).toBe(0);
    const drawn = spawnSync('mutool', ['draw', '-o', '/dev/null', '-F', 'pnm', pages[id]], { encoding: 'utf8' });
    const complaints = drawn.stderr
      .split('\n')
      .filter((line) => /warning|error/i.test(line) && !line.includes('ICC support is not available'));
    expect({ status: drawn.status, complaints }).toEqual({ status: 0, complaints: [] });
  });

  it.each(TYPE_IDS)('pdftotext gives back every value of %s, astral characters and middle dots included', (id) => {
    const face = aFace(id);
    const text = textOf(pages[id]);
    const hidden = { zhaijidi: 'householderCode', guihua: 'builderCode', caifa: 'fellerCode', xiaozuofang: 'ownerCode' }[id];
    for (const item of face.type.items) {
      const value = face.values[item.key] ?? '';
      const shown = item.kind === 'date' ? value.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日') : value;
      if (item.key !== hidden) expect(text).toContain(shown.replace(/\s/g, ''));
    }
    for (const constant of [face.type.name, face.licenceNumber, face.identifier, face.issuer.name, '2026年11月30日', '打印件'])
      expect(text).toContain(constant);
    expect(text).not.toContain('TRAINING');
  });

  it('tells characters apart that one glyph draws', () => {
    const twins = '\u2F00一\u2F08人';
    const place = file('twins', renderer.render(aFace('zhaijidi', { set: { landUse: twins } })).bytes);
    expect(textOf(place)).toContain(twins);
  });

  it('embeds every font as a subset and holds one signature field', () => {
    for (const id of TYPE_IDS) {
      const fonts = tool('pdffonts', pages[id]).trim().split('\n').slice(2);
      expect(fonts.length).toBeGreaterThan(1);
      for (const line of fonts) expect(line).toMatch(/[A-Z]{6}\+\S+ +CID TrueType +Identity-H +yes yes yes/);
      expect(tool('pdfsig', pages[id])).toContain('Signature Field Name: seal-1');
    }
  });

  it('carries the data as XML with the short names of GB/T 36903, and nothing else', () => {
    const out = path.join(dir, 'licence.xml');
    tool('pdfdetach', '-save', '1', '-o', out, pages.caifa);
    expect(readFileSync(out, 'utf8')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<DZZZ>
  <ZZMC>林木采伐许可证</ZZMC>
  <ZZLXDM>11100000MB0QL0033W001</ZZLXDM>
  <ZZBH>采伐证第4206262026000001号</ZZBH>
  <ZZBS>1.2.156.3005.2.11100000MB0QL0033W001.114206260114501234.MQ012026000001.001.X</ZZBS>
  <ZZBFJG>保康县林业局</ZZBFJG>
  <ZZBFJGDM>114206260114501234</ZZBFJGDM>
  <ZZBFRQ>20261130</ZZBFRQ>
  <CZZT>钟芳𬭎𠮷</CZZT>
  <CZZTDM>42062619540520216X</CZZTDM>
  <KZ_LQZH>保林证字(2011)第096023号</KZ_LQZH>
  <KZ_CFDD>城关镇洪家院村</KZ_CFDD>
  <KZ_LINBAN>21</KZ_LINBAN>
  <KZ_XIAOBAN>3</KZ_XIAOBAN>
  <KZ_LINZHONG>经济林</KZ_LINZHONG>
  <KZ_SHUZHONG>马尾松</KZ_SHUZHONG>
  <KZ_QUANSHU>个人</KZ_QUANSHU>
  <KZ_QIYUAN>天然</KZ_QIYUAN>
  <KZ_CFLX>抚育采伐</KZ_CFLX>
  <KZ_CFFS>皆伐</KZ_CFFS>
  <KZ_CFQD>100</KZ_CFQD>
  <KZ_CFMJ>2.84</KZ_CFMJ>
  <KZ_ZHUSHU>1161</KZ_ZHUSHU>
  <KZ_CFXJ>71.0</KZ_CFXJ>
  <ZZYXQQSRQ>20261130</ZZYXQQSRQ>
  <ZZYXQJZRQ>20270331</ZZYXQJZRQ>
  <KZ_GXQX>20271231</KZ_GXQX>
  <CZZTDMLX>公民身份号码</CZZTDMLX>
  <CZZTDMLXDM>111</CZZTDMLXDM>
</DZZZ>
`);
  });

  it('says what the holder code is: a citizen number, a credit code, or nothing where the code does not tell', () => {
    const said = ['42062619540520216X', '92420626MAYXP0TN85', '420626195413202168', 'E12345678'].map((fellerCode, i) => {
      const place = file(`holder-${i}`, renderer.render(aFace('caifa', { set: { fellerCode } })).bytes);
      tool('pdfdetach', '-save', '1', '-o', path.join(dir, 'holder.xml'), place);
      return /<CZZTDMLXDM>(\d+)/.exec(readFileSync(path.join(dir, 'holder.xml'), 'utf8'))?.[1] ?? 'none';
    });
    expect(said).toEqual(['111', '001', '001', 'none']);
  });

  it('gives back attached files byte for byte, under their names', () => {
    const place = file('attached', renderer.render(aFace('guihua', { attachments: [aPlan(), aPhoto()] })).bytes);
    const listed = tool('pdfdetach', '-list', place).trim().split('\n').slice(1);
    const names = listed.map((line) => line.replace(/^\d+: /, ''));
    expect([...names].sort()).toEqual([aPlan().name, aPhoto().name, 'licence.xml'].sort());
    for (const attached of [aPlan(), aPhoto()]) {
      const out = path.join(dir, 'attached.bin');
      tool('pdfdetach', '-save', String(names.indexOf(attached.name) + 1), '-o', out, place);
      expect(readFileSync(out).equals(attached.bytes)).toBe(true);
    }
    const text = textOf(place);
    for (const { name, bytes } of [aPlan(), aPhoto()])
      expect(text).toContain(`${name}SHA-256${createHash('sha256').update(bytes).digest('hex').toUpperCase().slice(0, 16)}`);
    expect(spawnSync('qpdf', ['--check', place]).status).toBe(0);
  });

  it.each(TYPE_IDS)(
    'tells a screen reader the language, the title, each label as head of its row, the QR code and the seal of %s',
    (id) => {
      const face = aFace(id);
      const tree = tool('pdfinfo', '-struct', pages[id]);
      const roles = tree.split('\n').map((line) => /^[A-Z][A-Za-z0-9]*/.exec(line.trim())?.[0] ?? '');
      const labels =
        JSON.stringify(JSON.parse(readFileSync(path.join(FONTS.templatesDir, `${id}.json`), 'utf8'))).match(/"role":"label"/g) ?? [];
      expect(roles.filter((role) => role === 'TH')).toHaveLength(labels.length);
      expect(roles).toEqual(expect.arrayContaining(['Document', 'H1', 'Table', 'TR', 'TD', 'Figure', 'Form']));
      expect(tree).toContain('Scope /Row');
      const text = Buffer.from(readFileSync(pages[id])).toString('latin1');
      const utf16 = (words: string) => `<FEFF${Buffer.from(words, 'utf16le').swap16().toString('hex').toUpperCase()}>`;
      expect(text).toContain(`/Alt${utf16(`二维码：${face.identifier} ${face.licenceNumber}`)}`);
      expect(text).toContain(`/Alt${utf16(face.seal.name)}`);
      expect(text).toContain('/Lang(zh-CN)');
      expect(tool('pdfinfo', pages[id])).toMatch(/Tagged: +yes/);
    },
  );

  it('has metadata that agree: XMP for PDF/A-3b and the information dictionary, a document id, an output intent', () => {
    const { type, licenceNumber, issuer, identifier } = aFace('caifa');
    const xmp = tool('pdfinfo', '-meta', pages.caifa);
    for (const part of [
      '<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>',
      '<dc:format>application/pdf</dc:format>',
      `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${type.name} ${licenceNumber}</rdf:li>`,
      `<dc:creator><rdf:Seq><rdf:li>${issuer.name}</rdf:li>`,
      `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${identifier}</rdf:li>`,
      '<xmp:CreateDate>2026-11-30T00:00:00+08:00</xmp:CreateDate><xmp:ModifyDate>2026-11-30T00:00:00+08:00</xmp:ModifyDate>',
      `<pdf:Producer>${renderer.version}</pdf:Producer>`,
    ]) {
      expect(xmp).toContain(part);
    }
    const info = tool('pdfinfo', '-isodates', pages.caifa);
    expect(info).toContain(`${type.name} ${licenceNumber}`);
    for (const [key, value] of Object.entries({
      Subject: identifier,
      Author: issuer.name,
      Producer: renderer.version,
      CreationDate: '2026-11-30T00:00:00\\+08',
    }))
      expect(info).toMatch(new RegExp(`${key}: +(${value})`));
    const trailer = tool('qpdf', '--show-object=trailer', pages.caifa);
    expect(trailer).toMatch(/\/ID \[ <([0-9a-f]{32})> <\1> \]/);
    expect(readFileSync(pages.caifa, 'latin1')).toContain('/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)');
  });

  it.each(TYPE_IDS)('the QR code of %s reads as identifier and number', (id) => {
    const template = JSON.parse(readFileSync(path.join(FONTS.templatesDir, `${id}.json`), 'utf8'));
    const { x, y, size } = template.elements.find((element: { kind: string }) => element.kind === 'qr');
    for (const dpi of [100, 300]) {
      const base = path.join(dir, `qr-${id}-${dpi}`);
      // The code and its quiet zone alone: a whole page at 300 dpi takes the reader seconds.
      const crop = Object.entries({ x: x - 3, y: y - 3, W: size + 6, H: size + 6 }).flatMap(([key, mm]) => [
        `-${key}`,
        String(Math.round((mm * dpi) / 25.4)),
      ]);
      tool('pdftoppm', '-r', String(dpi), ...crop, '-png', '-singlefile', pages[id], base);
      const { identifier, licenceNumber } = aFace(id);
      expect(tool('zbarimg', '-q', '--raw', `${base}.png`).trim()).toBe(`${identifier}\n${licenceNumber}`);
    }
  });

  it('lays the red seal in its true size over issuer and date, which stay readable', () => {
    const rgb = rasterise(pages.zhaijidi, 150, 'rgb');
    const red: { x: number; y: number }[] = [];
    for (let i = 0; i < rgb.width * rgb.height; i++) {
      const [r = 0, g = 0, b = 0] = rgb.pixels.subarray(3 * i, 3 * i + 3);
      if (r > 180 && g < 60 && b < 70) red.push({ x: i % rgb.width, y: Math.floor(i / rgb.width) });
    }
    const span = (values: readonly number[]) => ((Math.max(...values) - Math.min(...values) + 1) * 25.4) / 150;
    expect(span(red.map((p) => p.x))).toBeCloseTo(42, 0);
    expect(span(red.map((p) => p.y))).toBeCloseTo(42, 0);
    const bare = rasterise(pages.zhaijidi, 150, 'grey');
    // Black ink of the date inside the seal's lower half.
    const middle = { x: (Math.min(...red.map((p) => p.x)) * 25.4) / 150 + 21, y: (Math.min(...red.map((p) => p.y)) * 25.4) / 150 + 21 };
    const black = [...bare.pixels].filter((value, i) => {
      const [x, y] = [((i % bare.width) * 25.4) / 150, (Math.floor(i / bare.width) * 25.4) / 150];
      return value < 60 && Math.abs(x - middle.x) < 21 && y > middle.y && y < middle.y + 12;
    });
    expect(black.length).toBeGreaterThan(300);
  });

  it('shows the training watermark across the page and says it in words, and hides no text', () => {
    const training = file('training', renderer.render(aFace('zhaijidi', { training: true })).bytes);
    expect(textOf(training)).toContain('演练TRAINING');
    const [marked, plain] = [rasterise(training, 60, 'grey'), rasterise(pages.zhaijidi, 60, 'grey')];
    const changed = [...marked.pixels].filter((value, i) => (plain.pixels[i] ?? 0) - value > 15).length;
    expect(changed / marked.pixels.length).toBeGreaterThan(0.03);
    for (const value of ['买买提·㛃䲜', '湖北省襄阳市保康县马桥镇九路寨村2组98号']) expect(textOf(training)).toContain(value);
    // Text stays black on the mark: the darkest pixels of the plain page are as dark on the marked one.
    const dark = [...plain.pixels].map((value, i) => [value, marked.pixels[i] ?? 255] as const).filter(([value]) => value < 60);
    expect(dark.every(([, now]) => now < 90)).toBe(true);
  });

  it('has ink for every character of every page, where the extracted text says it stands', () => {
    for (const id of TYPE_IDS) {
      const picture = rasterise(pages[id], 150, 'grey');
      const chars = [...tool('mutool', 'draw', '-F', 'stext', pages[id]).matchAll(/<char quad="([-\d. ]+)"[^>]* c="([^"]+)"/g)];
      expect(chars.length).toBeGreaterThan(200);
      const blank = chars
        .map(([, quad = '', c = '']) => ({ c, q: quad.split(' ').map((value) => (Number(value) * 25.4) / 72) }))
        .filter(({ c }) => c !== ' ' && c !== '\u3000')
        .filter(({ q: [x = 0, y = 0, right = 0, , , bottom = 0] }) => darkest(picture, x, y, right - x, bottom - y) < 0.25)
        .map(({ c }) => c);
      expect({ id, blank }).toEqual({ id, blank: [] });
    }
  });

  it('marks a print as a print, with the seal still on it', async () => {
    const printed = file('print', await printCopy(renderer, readFileSync(pages.guihua), { printedOn: '2026-12-01' }));
    expect(spawnSync('qpdf', ['--check', printed]).status).toBe(0);
    const [print, licence] = [rasterise(printed, 100, 'grey'), rasterise(pages.guihua, 100, 'grey')];
    expect(darkness(licence, 60, 2, 180, 6)).toBeLessThan(0.02);
    expect(darkness(print, 60, 2, 180, 6)).toBeGreaterThan(0.04);
    const below = (picture: Picture) => darkness(picture, 15, 15, 260, 180);
    expect(below(print)).toBeCloseTo(below(licence), 2);
    expect(textOf(printed)).toContain('龙坪镇笔架村股份经济合作社');
  });

  it('prints large: every value of the face in 18 point and no other, each sheet marked, the QR code readable', async () => {
    const face = sampleFace(aFace('zhaijidi').type, 'longest', { householderName: '买买提·㛃𠮷𬭎' });
    const licence = renderer.render({ ...face, training: false }).bytes;
    const large = file('large', await printLarge(renderer, licence, face.type, { printedOn: '2026-12-01', training: false }));
    expect(spawnSync('qpdf', ['--check', large]).status).toBe(0);
    const stext = tool('mutool', 'draw', '-F', 'stext', large);
    const sheets = stext.split('<page ').slice(1);
    expect(sheets.length).toBeGreaterThan(1);
    const text = textOf(large);
    for (const item of face.type.items) {
      const value = face.values[item.key] ?? '';
      const shown = item.kind === 'date' ? value.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日') : value;
      if (item.key === 'householderCode') expect(text).not.toContain(value);
      else expect(text).toContain(shown.replace(/\s/g, ''));
    }
    // Nothing but the heading of a sheet and the closing words is smaller than 18 point.
    const sizes = [...stext.matchAll(/<font name="[^"]*" size="([\d.]+)">((?:\s*<char [^>]*>)*)/g)].map(([, size = '', chars = '']) => ({
      size: Number(size),
      words: [...chars.matchAll(/ c="([^"]*)"/g)]
        .map(([, c = '']) => c.replace(/&#x([0-9a-f]+);/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))))
        .join(''),
    }));
    const smaller = sizes
      .filter(({ size }) => size < 17.99)
      .map(({ words }) => words)
      .join('');
    expect(smaller).toContain('打印件不作为证照使用');
    for (const word of [face.licenceNumber, '四至', '批准用地面积']) expect(smaller).not.toContain(word);
    for (const [index] of sheets.entries()) {
      const base = path.join(dir, `large-${index}`);
      const page = String(index + 1);
      tool('pdftoppm', '-r', '100', '-gray', '-f', page, '-l', page, '-singlefile', large, base);
      const picture = readPnm(readFileSync(`${base}.pgm`), 100);
      expect(darkness(picture, 40, 8, 130, 4)).toBeGreaterThan(0.08);
      expect(darkness(picture, 18, 24, 174, 30)).toBeGreaterThan(0.02);
    }
    tool('pdftoppm', '-r', '100', '-png', large, path.join(dir, 'large'));
    const codes = sheets.map((_, i) =>
      spawnSync('zbarimg', ['-q', '--raw', path.join(dir, `large-${i + 1}.png`)], { encoding: 'utf8' }).stdout.trim(),
    );
    expect(codes.filter(Boolean)).toEqual([`${face.identifier}\n${face.licenceNumber}`]);
  });

  it('sets a slip that reads in its order', () => {
    const slip = file(
      'slip',
      renderSlip(renderer, {
        title: '证照领取回执',
        subtitle: '马桥镇政务服务站',
        lines: [
          { label: '证照编号', value: '农宅字第1号' },
          { label: '领取人', value: '𠮷㛃·买买提' },
        ],
        notes: ['请当场核对。'],
        signatureLines: ['领取人签名：'],
        training: false,
      }),
    );
    expect(textOf(slip)).toBe('证照领取回执马桥镇政务服务站证照编号农宅字第1号领取人𠮷㛃·买买提请当场核对。领取人签名：');
    expect(spawnSync('qpdf', ['--check', slip]).status).toBe(0);
  });
});
