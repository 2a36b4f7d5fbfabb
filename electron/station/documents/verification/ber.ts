// Writes a BER encoding (X.690 §8) again as DER: indefinite lengths become definite, strings in pieces become whole. Some
// makers of signatures write BER; everything behind this reads DER only.
// Must not be used on signed parts whose bytes count: those are DER by their own rules.
import { DerError, der } from './der.ts';

const MAX_DEPTH = 40;
const MAX_NODES = 50_000;

interface Piece {
  readonly bytes: Uint8Array;
  readonly end: number;
}

/** DER of the first element, and where it ended in `bytes`. Throws DerError. */
export function berToDer(bytes: Uint8Array): Piece {
  return convert(bytes, 0, bytes.length, MAX_DEPTH, { left: MAX_NODES });
}

function convert(bytes: Uint8Array, start: number, limit: number, depth: number, budget: { left: number }): Piece {
  budget.left -= 1;
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined || start + 2 > limit) throw new DerError('truncated');
  if ((tag & 0x1f) === 0x1f) throw new DerError('long tag');
  if (depth === 0 || budget.left < 0) throw new DerError('nested too deep');
  const isConstructed = (tag & 0x20) !== 0;
  if (first === 0x80) {
    if (!isConstructed) throw new DerError('indefinite length');
    return group(bytes, tag, start + 2, null, limit, depth, budget);
  }
  let at = start + 2;
  let length = first;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) throw new DerError('length too long');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[at++] ?? 0);
  }
  const end = at + length;
  if (end > limit) throw new DerError('truncated');
  return isConstructed ? group(bytes, tag, at, end, limit, depth, budget) : { bytes: der(tag, bytes.subarray(at, end)), end };
}

/** `end` null: up to the end-of-contents octets. */
function group(
  bytes: Uint8Array,
  tag: number,
  start: number,
  end: number | null,
  limit: number,
  depth: number,
  budget: { left: number },
): Piece {
  const members: Uint8Array[] = [];
  let at = start;
  for (;;) {
    if (end !== null ? at >= end : bytes[at] === 0 && bytes[at + 1] === 0) break;
    const member = convert(bytes, at, end ?? limit, depth - 1, budget);
    members.push(member.bytes);
    at = member.end;
  }
  // An OCTET STRING in pieces: the contents of the pieces, put together.
  const whole = tag === 0x24 ? der(0x04, ...members.map(contentOf)) : der(tag, ...members);
  return { bytes: whole, end: end ?? at + 2 };
}

function contentOf(piece: Uint8Array): Uint8Array {
  if (piece[0] !== 0x04) throw new DerError('piece of another kind');
  const first = piece[1] ?? 0;
  return piece.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
}
