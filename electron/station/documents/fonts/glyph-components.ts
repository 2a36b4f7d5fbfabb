// The parts of a composite glyph (Spec: OpenType glyf, component flags): where each part's glyph id and transform stand.
// Must not follow them: subsetting renumbers them, outlines draw them.
const WORDS = 0x0001;
const XY = 0x0002;
const SCALE = 0x0008;
const MORE = 0x0020;
const XY_SCALE = 0x0040;
const TWO_BY_TWO = 0x0080;

export interface GlyphComponent {
  readonly glyph: number;
  /** Byte offset of the 16-bit glyph id inside the composite's bytes. */
  readonly idAt: number;
  /** x' = a·x + c·y + dx; y' = b·x + d·y + dy. */
  readonly transform: readonly [a: number, b: number, c: number, d: number, dx: number, dy: number];
}

/** Empty for a simple glyph. */
export function componentsOf(bytes: Uint8Array): readonly GlyphComponent[] {
  if (bytes.length < 10) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getInt16(0) >= 0) return [];
  const found: GlyphComponent[] = [];
  let at = 10;
  for (;;) {
    const flags = view.getUint16(at);
    const idAt = at + 2;
    at += 4;
    const words = (flags & WORDS) !== 0;
    const dx = words ? view.getInt16(at) : view.getInt8(at);
    const dy = words ? view.getInt16(at + 2) : view.getInt8(at + 1);
    at += words ? 4 : 2;
    const fixed = () => {
      at += 2;
      return view.getInt16(at - 2) / 16384;
    };
    let [a, b, c, d] = [1, 0, 0, 1];
    if (flags & SCALE) a = d = fixed();
    else if (flags & XY_SCALE) [a, d] = [fixed(), fixed()];
    else if (flags & TWO_BY_TWO) [a, b, c, d] = [fixed(), fixed(), fixed(), fixed()];
    // Point-matched placement (no XY flag) does not occur in our fonts; drawn unshifted it would be wrong, so refuse.
    if (!(flags & XY)) throw new Error('composite glyph placed by points is not supported');
    found.push({ glyph: view.getUint16(idAt), idAt, transform: [a, b, c, d, dx, dy] });
    if (!(flags & MORE)) return found;
  }
}
