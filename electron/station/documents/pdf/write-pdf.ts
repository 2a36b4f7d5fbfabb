// Page model → PDF file. The only place that knows the order of objects; everything follows from its arguments.
// Must not lay out, read files or look at a clock; caches only keep what would be made again the same.
import { createHash } from 'node:crypto';
import type { Day } from '../../../contract/values.ts';
import type { FontSet } from '../fonts/font-set.ts';
import type { Mark, PageModel, TextMark } from '../model.ts';
import { LATER_FIELDS, signatureLength, unsignedSignature } from '../signature-place.ts';
import {
  type AttachedFile,
  attachmentEntries,
  type DocumentInfo,
  putAttachment,
  putInfo,
  putMetadata,
  putOutputIntent,
} from './archive-parts.ts';
import { createDrawer, type MarkDrawer, type Tile } from './draw-marks.ts';
import { type DocumentFonts, type FontCache, planFonts, putFont } from './embed-font.ts';
import { compressed, PdfBody, plain, type ReadyStream } from './pdf-body.ts';
import { latin1, nums, POINTS_PER_MM, ref, textString } from './pdf-syntax.ts';
import { decodePng, type Picture } from './png-picture.ts';
import { fieldKey, putStructure, tagOf } from './structure.ts';

export interface PdfRequest {
  readonly model: PageModel;
  /** Further pages, without seal. */
  readonly annexes?: readonly PageModel[];
  readonly info: DocumentInfo;
  readonly files?: readonly AttachedFile[];
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
  const models = [model, ...(request.annexes ?? [])];
  const body = new PdfBody();
  const [catalog, pages] = [body.allocate(), body.allocate()];
  const sheets = models.map(({ blocks }) => ({ blocks, page: body.allocate() }));
  const page = sheets[0]?.page ?? 0;
  const texts = models.flatMap(({ blocks }) =>
    blocks.flatMap(({ marks }) => marks.filter((mark): mark is TextMark => mark.kind === 'text')),
  );
  const plan = planFonts(fonts, texts, cache.fonts);
  const fontRefs = [...plan.parts].map(([name, part]) => `/${name} ${ref(putFont(body, part))}`).join('');

  const seal = model.seal;
  const field = seal && request.signable ? body.allocate() : undefined;
  const signature = field === undefined ? undefined : body.allocate();
  if (seal && field !== undefined && signature !== undefined) {
    const look = putGroup(body, readyGroup(seal.marks, seal.heightMm, cache), [0, 0, seal.widthMm, seal.heightMm], INK_OVER_TEXT);
    const left = seal.x * POINTS_PER_MM;
    const bottom = (model.heightMm - seal.y - seal.heightMm) * POINTS_PER_MM;
    const rect = nums(left, bottom, left + seal.widthMm * POINTS_PER_MM, bottom + seal.heightMm * POINTS_PER_MM);
    body.put(
      `<</Type/Annot/Subtype/Widget/FT/Sig/T(seal-1)/TU${textString(seal.name)}/F 132/Rect[${rect}]/P ${ref(page)}/AP<</N ${ref(look)}>>/StructParent ${fieldKey(sheets.length, 0)}/V ${ref(signature)}>>`,
      field,
    );
  }

  const backs = new Map<readonly Mark[], number>();
  const backOf = ({ backdrop, widthMm, heightMm }: PageModel) => {
    const back = backs.get(backdrop) ?? putGroup(body, readyGroup(backdrop, heightMm, cache), [0, 0, widthMm, heightMm], '');
    backs.set(backdrop, back);
    return back;
  };
  const fields = field === undefined ? '' : [field, ...LATER_FIELDS.map((name) => putEmptyField(body, name, page))].map(ref).join(' ');
  const annotations = field === undefined ? '' : `/Annots[${fields}]`;
  models.forEach((each, index) => {
    const own = `/StructParents ${index}/Tabs/S${index === 0 ? annotations : ''}`;
    putPage(body, { object: sheets[index]?.page ?? 0, pages, model: each, back: backOf(each), plan, fontRefs, own });
  });
  body.put(`<</Type/Pages/Count ${sheets.length}/Kids[${sheets.map((sheet) => ref(sheet.page)).join(' ')}]>>`, pages);

  const structure = putStructure(body, sheets, field === undefined ? [] : [{ object: field, page, alt: seal?.name ?? '' }]);
  const metadata = putMetadata(body, info);
  const intent = putOutputIntent(body);
  const files = (request.files ?? []).map((file) => ({ name: file.name, object: putAttachment(body, file, request.day) }));
  // An object of its own: some signers add their field only to such a form.
  const form =
    signature === undefined ? '' : `/AcroForm ${ref(body.put(`<</Fields[${fields}]/SigFlags 3>>`))}/Perms<</DocMDP ${ref(signature)}>>`;
  body.put(
    `<</Type/Catalog/Pages ${ref(pages)}/Lang(zh-CN)/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>/StructTreeRoot ${ref(structure)}/Metadata ${ref(metadata)}/OutputIntents[${ref(intent)}]${attachmentEntries(files)}${form}>>`,
    catalog,
  );
  const infoObject = putInfo(body, info);
  return finish(body, catalog, infoObject, signature);
}

/** A place for a later signature, without an area: signing it changes nothing that is seen. */
const putEmptyField = (body: PdfBody, name: string, page: number): number =>
  body.put(`<</Type/Annot/Subtype/Widget/FT/Sig/T(${name})/F 132/Rect[0 0 0 0]/P ${ref(page)}>>`);

interface PageToPut {
  readonly object: number;
  readonly pages: number;
  readonly model: PageModel;
  readonly back: number;
  readonly plan: DocumentFonts;
  readonly fontRefs: string;
  /** Entries of this page alone. */
  readonly own: string;
}

function putPage(body: PdfBody, { object, pages, model, back, plan, fontRefs, own }: PageToPut): void {
  const drawer = createDrawer(model.heightMm, plan);
  const content = body.putStream(compressed(pageContent(model, drawer)), '');
  const drawn = putResources(body, drawer);
  const mediaBox = nums(0, 0, model.widthMm * POINTS_PER_MM, model.heightMm * POINTS_PER_MM);
  body.put(
    `<</Type/Page/Parent ${ref(pages)}/MediaBox[${mediaBox}]/Group<</Type/Group/S/Transparency/CS/DeviceRGB>>/Contents ${ref(content)}/Resources<</Font<<${fontRefs}>>/XObject<</Back ${ref(back)}${drawn}>>>>${own}>>`,
    object,
  );
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
