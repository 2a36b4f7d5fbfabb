// The document renderer: face → unsigned PDF, the same bytes for the same face on any machine. Holds fonts and templates.
// Must not sign, store or look at a clock. Any change of its output needs a new RENDERER_VERSION.
import { createHash } from 'node:crypto';
import type { LicenceType } from '../../contract/catalogue.ts';
import type { SealImage } from '../../contract/office.ts';
import { StationError } from '../../contract/station-error.ts';
import type { Sha256 } from '../../contract/values.ts';
import { attachmentRefused, checkAttachments, DATA_FILE_NAME, type FaceAttachment } from './attachments.ts';
import { dataXml } from './data-xml.ts';
import type { FaceInput } from './face.ts';
import { type FontSet, openFonts } from './fonts/font-set.ts';
import { drawBackdrop } from './layout/backdrop.ts';
import { layOutAnnex } from './layout/lay-out-annex.ts';
import { layOutFace } from './layout/lay-out-face.ts';

import { drawSeal, type SealDrawing } from './layout/seal-drawing.ts';
import type { Mark } from './model.ts';
import { createPdfCache, type PdfRequest, writePdf } from './pdf/write-pdf.ts';
import type { FaceTemplate } from './template.ts';
import { readTemplates, shownItems } from './template-file.ts';

export const RENDERER_VERSION = 'banjie-pdf-1';

export interface UnsignedDocument {
  /** Complete PDF: /Contents and signing time zeroed, /ByteRange final. */
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes` as they are; approvedHashOf gives the same for the sealed file. */
  readonly approvedHash: Sha256;
  readonly rendererVersion: string;
  readonly templateVersion: string;
}

export interface Renderer {
  /** Throws TEXT_DOES_NOT_FIT {field} or CHARACTER_WITHOUT_GLYPH {field, character}; field is the item's key. */
  render(face: FaceInput): UnsignedDocument;
  /** Characters no font draws with ink, each once, in order. */
  missingGlyphs(text: string): readonly string[];
  /** Keys of the items the type's face shows, in its order. Throws CATALOGUE_INVALID as `render`. */
  shownItems(type: LicenceType): readonly string[];
  readonly version: string;
  /** SHA-256 over the font files; computed at first use. */
  readonly fontsHash: Sha256;
  /** Any other page by the same fonts and writer: slips and notices. */
  writePage(request: PdfRequest): Uint8Array;
  readonly fonts: FontSet;
}

/** Reads fonts and templates once; throws CATALOGUE_INVALID for a broken template. */
export function createRenderer(resources: { readonly fontsDir: string; readonly templatesDir: string }): Renderer {
  return rendererOf(openFonts(resources.fontsDir), readTemplates(resources.templatesDir));
}

/** `templates` by `id/version`. */
export function rendererOf(fonts: FontSet, templates: ReadonlyMap<string, FaceTemplate>): Renderer {
  const cache = createPdfCache();
  const backdrops = new Map<string, readonly Mark[]>();
  const seals = new Map<string, SealDrawing>();

  const backdropOf = (template: FaceTemplate, training: boolean) =>
    remember(backdrops, `${template.id}/${template.version}/${training}`, () => drawBackdrop(fonts, template, training));
  const annexBackdropOf = (template: FaceTemplate, training: boolean) =>
    remember(backdrops, `${template.id}/${template.version}/${training}/annex`, () =>
      drawBackdrop(fonts, { ...template, border: 'double', rosette: undefined }, training),
    );
  const sealOf = (image: SealImage) => remember(seals, JSON.stringify(image), () => drawSeal(fonts, image));

  const templateOf = ({ faceTemplate: { id, version } }: LicenceType): FaceTemplate => {
    const template = templates.get(`${id}/${version}`);
    if (!template)
      throw new StationError('CATALOGUE_INVALID', { file: `${id}.json`, problem: `no face template ${id} version ${version}` });
    return template;
  };

  return {
    shownItems: (type) => shownItems(templateOf(type), type),
    version: RENDERER_VERSION,
    fonts,
    get fontsHash() {
      return fonts.hash;
    },
    missingGlyphs: (text) => [...new Set(text)].filter((character) => !fonts.glyphFor(character, 'regular')),
    writePage: (request) => writePdf(fonts, request, cache),
    render: (face) => {
      const template = templateOf(face.type);
      const attachments = face.attachments ?? [];
      checkAttachments(attachments);
      const { model, annex } = layOutFace(fonts, template, backdropOf(template, face.training), sealOf(face.seal.image), face);
      if (!model.seal)
        throw new StationError('CATALOGUE_INVALID', { file: `${template.id}.json`, problem: 'the template has no place for the seal' });
      const bytes = writePdf(
        fonts,
        {
          model,
          annexes: layOutAnnex(fonts, template, annexBackdropOf(template, face.training), face, annex),
          info: {
            title: `${face.type.name} ${face.licenceNumber}`,
            author: face.issuer.name,
            subject: face.identifier,
            producer: RENDERER_VERSION,
            date: face.conclusionDay,
          },
          files: [
            {
              name: DATA_FILE_NAME,
              description: '证照数据',
              mediaType: 'text/xml',
              bytes: Buffer.from(dataXml(face), 'utf8'),
              relationship: 'Data',
            },
            ...attachments.map((file, i) => ({ ...file, description: `附件${i + 1}`, relationship: 'Supplement' as const })),
          ],
          day: face.conclusionDay,
          signable: true,
        },
        cache,
      );
      refuseConfusing(bytes, attachments);
      return {
        bytes,
        approvedHash: createHash('sha256').update(bytes).digest('hex'),
        rendererVersion: RENDERER_VERSION,
        templateVersion: template.version,
      };
    },
  };
}

const RANGE_WORD = '/ByteRange';

/** A file is sealed and accepted only where it speaks of one signature: said now, not when the key has been asked. */
function refuseConfusing(bytes: Uint8Array, attachments: readonly FaceAttachment[]): void {
  if (attachments.length === 0) return;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (text.indexOf(RANGE_WORD) === text.lastIndexOf(RANGE_WORD)) return;
  const culprit = attachments.find((file) => Buffer.from(file.bytes).includes(RANGE_WORD)) ?? attachments[0];
  throw attachmentRefused(culprit?.name ?? '', 'Confusing');
}

/** Small bounded memory: templates and seals of one office fit many times over. */
function remember<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (map.size >= 64) map.delete(map.keys().next().value ?? '');
  map.set(key, made);
  return made;
}
