// Page model → PDF file. The only place that knows the order of objects; everything follows from its arguments.
// Must not lay out, read files or look at a clock; caches only keep what would be made again the same.
import { createHash } from 'node:crypto';
import type { Day } from '../../../contract/values.ts';
import type { FontSet } from '../fonts/font-set.ts';
import type { Mark, PageModel, TextMark } from '../model.ts';
import { signatureLength, unsignedSignature } from '../signature-place.ts';
import { type DocumentInfo, putAttachment, putInfo, putMetadata, putOutputIntent } from './archive-parts.ts';
import { createDrawer, type MarkDrawer, type Tile } from './draw-marks.ts';
import { type FontCache, planFonts, putFont } from './embed-font.ts';
import { compressed, PdfBody, plain, type ReadyStream } from './pdf-body.ts';
import { latin1, nums, POINTS_PER_MM, ref, textString } from './pdf-syntax.ts';
import { decodePng, type Picture } from './png-picture.ts';
import { putStructure, tagOf } from './structure.ts';

export interface PdfRequest {
  readonly model: PageModel;
  readonly info: DocumentInfo;
  /** Attached as XML when present. */
  readonly attachment?: { readonly name: string; readonly description: string; readonly xml: string };
  readonly day: Day;
  /** True: with a signature field at the seal's place and room for the signature; the model must have a seal. */
  readonly signable: boolean;
}

/** A group of marks without text, drawn and compressed once. */
interface ReadyGroup {
  readonly content: ReadyStream;
  readonly tiles: readonly { readonly stream: ReadyStream; readonly bbox: Tile['bbox'] }[];
  readonly pictures: readonly Picture[];
}

export interface PdfCache {
  readonly fonts: FontCache;
  readonly groups: WeakMap<readonly Mark[], ReadyGroup>;
}

export const createPdfCache = (): PdfCache => ({ fonts: new Map(), groups: new WeakMap() });

/** The seal lies over printed text as ink does: what is under it stays readable. */
const INK_OVER_TEXT = '<</Type/ExtGState/BM/Multiply>>';

export function writePdf(fonts: FontSet, request: PdfRequest, cache: PdfCache): Uint8Array {
  const { model, info } = request;
  const body = new PdfBody();
  const [catalog, pages, page] = [body.allocate(), body.allocate(), body.allocate()];
  const texts = model.blocks.flatMap((block) => block.marks.filter((mark): mark is TextMark => mark.kind === 'text'));
  const plan = planFonts(fonts, texts, cache.fonts);

  const backdrop = putGroup(body, readyGroup(model.backdrop, model.heightMm, cache), [0, 0, model.widthMm, model.heightMm], '');
  const drawer = createDrawer(model.heightMm, plan);
  const content = body.putStream(compressed(pageContent(model, drawer)), '');
  const fontRefs = [...plan.parts].map(([name, part]) => `/${name} ${ref(putFont(body, part))}`).join('');
  const drawn = putResources(body, drawer);

  const seal = model.seal;
  const field = seal && request.signable ? body.allocate() : undefined;
  const signature = field === undefined ? undefined : body.allocate();
  if (seal && field !== undefined && signature !== undefined) {
    const look = putGroup(body, readyGroup(seal.marks, seal.heightMm, cache), [0, 0, seal.widthMm, seal.heightMm], INK_OVER_TEXT);
    const left = seal.x * POINTS_PER_MM;
    const bottom = (model.heightMm - seal.y - seal.heightMm) * POINTS_PER_MM;
    const rect = nums(left, bottom, left + seal.widthMm * POINTS_PER_MM, bottom + seal.heightMm * POINTS_PER_MM);
    body.put(
      `<</Type/Annot/Subtype/Widget/FT/Sig/T(seal-1)/TU${textString(seal.name)}/F 132/Rect[${rect}]/P ${ref(page)}/AP<</N ${ref(look)}>>/StructParent 1/V ${ref(signature)}>>`,
      field,
    );
  }

  const mediaBox = nums(0, 0, model.widthMm * POINTS_PER_MM, model.heightMm * POINTS_PER_MM);
  const annotations = field === undefined ? '' : `/Annots[${ref(field)}]`;
  body.put(
    `<</Type/Page/Parent ${ref(pages)}/MediaBox[${mediaBox}]/Group<</Type/Group/S/Transparency/CS/DeviceRGB>>/Contents ${ref(content)}/Resources<</Font<<${fontRefs}>>/XObject<</Back ${ref(backdrop)}${drawn}>>>>/StructParents 0/Tabs/S${annotations}>>`,
    page,
  );
  body.put(`<</Type/Pages/Count 1/Kids[${ref(page)}]>>`, pages);

  const structure = putStructure(body, model.blocks, page, field, seal?.name ?? '');
  const metadata = putMetadata(body, info);
  const intent = putOutputIntent(body);
  const attached =
    request.attachment && putAttachment(body, request.attachment.name, request.attachment.description, request.attachment.xml, request.day);
  const names =
    request.attachment && attached
      ? `/AF[${ref(attached)}]/Names<</EmbeddedFiles<</Names[(${request.attachment.name})${ref(attached)}]>>>>`
      : '';
  const form = field === undefined ? '' : `/AcroForm<</Fields[${ref(field)}]/SigFlags 3>>`;
  body.put(
    `<</Type/Catalog/Pages ${ref(pages)}/Lang(zh-CN)/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>/StructTreeRoot ${ref(structure)}/Metadata ${ref(metadata)}/OutputIntents[${ref(intent)}]${names}${form}>>`,
    catalog,
  );
  const infoObject = putInfo(body, info);
  return finish(body, catalog, infoObject, signature);
}

function pageContent(model: PageModel, drawer: MarkDrawer): string {
  const parts: string[] = [`${nums(POINTS_PER_MM)} 0 0 ${nums(POINTS_PER_MM)} 0 0 cm\n/Artifact BMC/Back Do EMC\n`];
  let mcid = 0;
  for (const block of model.blocks) {
    if (block.role === 'decoration') {
      parts.push(`/Artifact BMC ${drawer.draw(block.marks)}EMC\n`);
      continue;
    }
    // A text spaced wide is taken apart by readers; they are told the whole.
    const spaced = block.marks.some((mark) => mark.kind === 'text' && mark.spacingMm > 0.08 * mark.sizeMm);
    const actual = spaced && block.text !== undefined ? `/ActualText${textString(block.text)}` : '';
    parts.push(`/${tagOf(block.role)}<</MCID ${mcid}${actual}>>BDC ${drawer.draw(block.marks)}EMC\n`);
    mcid += 1;
  }
  return parts.join('');
}

function readyGroup(marks: readonly Mark[], heightMm: number, cache: PdfCache): ReadyGroup {
  const known = cache.groups.get(marks);
  if (known) return known;
  const drawer = createDrawer(heightMm);
  const operators = drawer.draw(marks);
  const made: ReadyGroup = {
    content: compressed(operators),
    tiles: drawer.tiles.map((tile) => ({ stream: compressed(tile.operators), bbox: tile.bbox })),
    pictures: drawer.pictures.map((picture) => decodePng(picture.png)),
  };
  cache.groups.set(marks, made);
  return made;
}

function putGroup(body: PdfBody, group: ReadyGroup, bbox: readonly number[], graphicsState: string): number {
  const objects = [
    ...group.tiles.map((tile, i) => `/T${i} ${ref(putTile(body, tile.stream, tile.bbox))}`),
    ...group.pictures.map((picture, i) => `/P${i} ${ref(putPicture(body, picture))}`),
  ];
  const xObjects = objects.length === 0 ? '' : `/XObject<<${objects.join('')}>>`;
  const object = body.putStream(group.content, `/Type/XObject/Subtype/Form/BBox[${nums(...bbox)}]/Resources<<${xObjects}>>`);
  if (graphicsState === '') return object;
  // The state is set by a wrapper, so that the compressed group stays the same with and without it.
  return body.putStream(
    plain(latin1('/G gs/S Do')),
    `/Type/XObject/Subtype/Form/BBox[${nums(...bbox)}]/Resources<</ExtGState<</G ${graphicsState}>>/XObject<</S ${ref(object)}>>>>`,
  );
}

const putTile = (body: PdfBody, stream: ReadyStream, bbox: Tile['bbox']): number =>
  body.putStream(stream, `/Type/XObject/Subtype/Form/BBox[${nums(...bbox)}]/Resources<<>>`);

function putPicture(body: PdfBody, picture: Picture): number {
  const size = `/Type/XObject/Subtype/Image/Width ${picture.width}/Height ${picture.height}/BitsPerComponent 8`;
  const mask = picture.alpha ? `/SMask ${ref(body.putStream(picture.alpha, `${size}/ColorSpace/DeviceGray`))}` : '';
  return body.putStream(picture.rgb, `${size}/ColorSpace/DeviceRGB${mask}`);
}

function putResources(body: PdfBody, drawer: MarkDrawer): string {
  const tiles = drawer.tiles.map((tile, i) => `/T${i} ${ref(putTile(body, compressed(tile.operators), tile.bbox))}`);
  const pictures = drawer.pictures.map((picture, i) => `/P${i} ${ref(putPicture(body, decodePng(picture.png)))}`);
  return [...tiles, ...pictures].join('');
}

/** The signature is the last object, so that what it leaves out lies in one known place before the cross-references. */
function finish(body: PdfBody, catalog: number, info: number, signature: number | undefined): Uint8Array {
  const hash = createHash('sha256');
  for (const chunk of body.chunks) hash.update(chunk);
  const id = hash.digest('hex').slice(0, 32).toUpperCase();
  const trailer = (start: number) =>
    `trailer\n<</Size ${body.size}/Root ${ref(catalog)}/Info ${ref(info)}/ID[<${id}><${id}>]>>\nstartxref\n${start}\n%%EOF\n`;

  let signatureBytes = '';
  let crossReferenceAt = body.length;
  if (signature !== undefined) {
    const head = `${signature} 0 obj\n`;
    crossReferenceAt += head.length + signatureLength;
    body.reserve(signature);
    const length = crossReferenceAt + body.crossReference().length + trailer(crossReferenceAt).length;
    signatureBytes = head + unsignedSignature(body.length + head.length, length);
  }
  const end = signatureBytes + body.crossReference() + trailer(crossReferenceAt);
  return Buffer.concat([...body.chunks, Buffer.from(end, 'latin1')]);
}
