// A PNG (a seal's picture out of seal data) → PDF image samples and their transparency mask.
// Must not accept what it does not understand: a seal shown wrongly is worse than a refusal.
import { inflate } from 'pako';
import { StationError } from '../../../contract/station-error.ts';
import { compressed, type ReadyStream } from './pdf-body.ts';

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: ReadyStream;
  /** Undefined for a picture without transparency. */
  readonly alpha: ReadyStream | undefined;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const MOST_PIXELS = 4_000_000;
/** Channels by colour type (Spec: PNG §11.2.2): grey, RGB, palette, grey + alpha, RGBA. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Throws INPUT_INVALID for anything but an 8-bit PNG without interlace. */
export function decodePng(png: Uint8Array): Picture {
  const refuse = (problem: string, cause?: unknown) => new StationError('INPUT_INVALID', { field: 'seal', problem }, { cause });
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (png.length < 57 || SIGNATURE.some((byte, i) => png[i] !== byte)) throw refuse('not a PNG');
  const [width, height, depth, type, interlace] = [view.getUint32(16), view.getUint32(20), png[24], png[25] ?? -1, png[28]];
  const channels = CHANNELS[type];
  if (depth !== 8 || channels === undefined || interlace !== 0) throw refuse('PNG must have 8 bits a channel and no interlace');
  if (width === 0 || height === 0 || width * height > MOST_PIXELS) throw refuse('PNG has too many pixels');

  const data: Uint8Array[] = [];
  let palette = new Uint8Array();
  let transparency = new Uint8Array();
  for (let at = 8; at + 12 <= png.length; ) {
    const length = view.getUint32(at);
    const tag = String.fromCharCode(...png.subarray(at + 4, at + 8));
    const chunk = png.subarray(at + 8, at + 8 + length);
    if (tag === 'IDAT') data.push(chunk);
    if (tag === 'PLTE') palette = new Uint8Array(chunk);
    if (tag === 'tRNS') transparency = new Uint8Array(chunk);
    at += 12 + length;
  }
  let raw: Uint8Array;
  try {
    raw = inflate(Buffer.concat(data));
  } catch (cause) {
    throw refuse('PNG data cannot be decompressed', cause);
  }
  if (raw.length !== height * (1 + width * channels)) throw refuse('PNG data has the wrong length');
  return samplesOf(unfilter(raw, width * channels, height, channels), width, height, type, palette, transparency);
}

function samplesOf(
  pixels: Uint8Array,
  width: number,
  height: number,
  type: number,
  palette: Uint8Array,
  transparency: Uint8Array,
): Picture {
  const count = width * height;
  const rgb = new Uint8Array(3 * count);
  const alpha = new Uint8Array(count).fill(255);
  const at = (index: number) => pixels[index] ?? 0;
  for (let i = 0; i < count; i++) {
    const colour =
      type === 2 || type === 6
        ? [0, 1, 2].map((c) => at(i * (type === 2 ? 3 : 4) + c))
        : type === 3
          ? [0, 1, 2].map((c) => palette[3 * at(i) + c] ?? 0)
          : [0, 0, 0].fill(at(i * (type === 0 ? 1 : 2)));
    rgb.set(colour, 3 * i);
    if (type === 6) alpha[i] = at(4 * i + 3);
    if (type === 4) alpha[i] = at(2 * i + 1);
    if (type === 3) alpha[i] = transparency[at(i)] ?? 255;
  }
  return { width, height, rgb: compressed(rgb), alpha: alpha.some((value) => value !== 255) ? compressed(alpha) : undefined };
}

/** Spec: PNG §9, filter types 0-4, undone in place. */
function unfilter(raw: Uint8Array, stride: number, height: number, pixel: number): Uint8Array {
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const here = y * stride + x;
      const left = x >= pixel ? (out[here - pixel] ?? 0) : 0;
      const up = y > 0 ? (out[here - stride] ?? 0) : 0;
      const corner = x >= pixel && y > 0 ? (out[here - stride - pixel] ?? 0) : 0;
      out[here] = (raw[y * (stride + 1) + 1 + x] ?? 0) + predicted(filter ?? 0, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const estimate = left + up - corner;
      const [byLeft, byUp, byCorner] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
      return byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner;
    }
    default:
      return 0;
  }
}
