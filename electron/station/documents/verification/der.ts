// A small strict DER reader and writer (X.690), shared by sealing, verification and training.
// Refuses BER: indefinite or padded lengths, trailing bytes, long tags. Must not know what the bytes mean.

/** One tag-length-value; `bytes` is the whole of it, `content` what the length covers. Both are views, not copies. */
export interface DerNode {
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
}

/** Bytes that are not DER. Foreign input is expected to be broken: callers turn this into their own reason. */
export class DerError extends Error {}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Most members one SEQUENCE or SET may have: far above any certificate, far below what would cost memory. */
const MAX_MEMBERS = 100_000;

function readAt(bytes: Uint8Array, start: number): DerNode {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) throw new DerError('truncated');
  if ((tag & 0x1f) === 0x1f) throw new DerError('long tag');
  let length = first;
  let at = start + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0) throw new DerError('indefinite length');
    if (count > 4) throw new DerError('length too long');
    length = 0;
    for (let i = 0; i < count; i++) {
      const next = bytes[at++];
      if (next === undefined) throw new DerError('truncated');
      length = length * 256 + next;
    }
    if (length < 0x80 || length < 2 ** (8 * (count - 1))) throw new DerError('length not minimal');
  }
  if (at + length > bytes.length) throw new DerError('truncated');
  return { tag, bytes: bytes.subarray(start, at + length), content: bytes.subarray(at, at + length) };
}

/** Reads exactly one element; anything behind it is an error. */
export function readDer(bytes: Uint8Array): DerNode {
  const node = readAt(bytes, 0);
  if (node.bytes.length !== bytes.length) throw new DerError('trailing bytes');
  return node;
}

/** Reads one element from the front and leaves the rest to the caller (zero padding of /Contents). */
export const readDerPrefix = (bytes: Uint8Array): DerNode => readAt(bytes, 0);

/** Members of a constructed element. */
export function membersOf(node: DerNode): readonly DerNode[] {
  if ((node.tag & 0x20) === 0) throw new DerError('not constructed');
  const members: DerNode[] = [];
  for (let at = 0; at < node.content.length; ) {
    const member = readAt(node.content, at);
    members.push(member);
    if (members.length > MAX_MEMBERS) throw new DerError('too many members');
    at += member.bytes.length;
  }
  return members;
}

/** Walks members in order; `end` throws when something is left over. */
export interface DerWalk {
  readonly peek: () => number | undefined;
  readonly next: (tag: number) => DerNode;
  readonly optional: (tag: number) => DerNode | undefined;
  readonly end: () => void;
}

export function walk(node: DerNode, tag: number): DerWalk {
  expectTag(node, tag);
  const members = membersOf(node);
  let at = 0;
  const next = (wanted: number): DerNode => {
    const member = members[at];
    if (member === undefined) throw new DerError('member missing');
    at += 1;
    return expectTag(member, wanted);
  };
  return {
    peek: () => members[at]?.tag,
    next,
    optional: (wanted) => (members[at]?.tag === wanted ? next(wanted) : undefined),
    end: () => {
      if (at !== members.length) throw new DerError('unexpected member');
    },
  };
}

export function expectTag(node: DerNode, tag: number): DerNode {
  if (node.tag !== tag) throw new DerError(`tag ${node.tag.toString(16)} where ${tag.toString(16)} was expected`);
  return node;
}

export function readOid(node: DerNode): string {
  const content = expectTag(node, TAG.oid).content;
  const arcs: number[] = [];
  let value = 0;
  let fresh = true;
  for (const byte of content) {
    if (fresh && byte === 0x80) throw new DerError('oid arc not minimal');
    value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER / 128) throw new DerError('oid arc too large');
    fresh = (byte & 0x80) === 0;
    if (fresh) {
      arcs.push(value);
      value = 0;
    }
  }
  const [head, ...rest] = arcs;
  if (head === undefined || !fresh) throw new DerError('oid truncated');
  const top = Math.min(2, Math.floor(head / 40));
  return [top, head - top * 40, ...rest].join('.');
}

/** A small non-negative INTEGER, such as a version. */
export function readSmallInteger(node: DerNode): number {
  const content = readIntegerBytes(node);
  const first = content[0];
  if (content.length !== 1 || first === undefined || first > 0x7f) throw new DerError('integer too large');
  return first;
}

/** The two's complement bytes of an INTEGER, minimal as DER wants. */
export function readIntegerBytes(node: DerNode): Uint8Array {
  const { content } = expectTag(node, TAG.integer);
  const [first, second] = content;
  if (first === undefined) throw new DerError('empty integer');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    throw new DerError('integer not minimal');
  return content;
}

/** The octets of a BIT STRING that holds whole octets, as keys and signatures do. */
export function readBitOctets(node: DerNode): Uint8Array {
  const { content } = expectTag(node, TAG.bitString);
  if (content[0] !== 0) throw new DerError('bit string with unused bits');
  return content.subarray(1);
}

export function readBoolean(node: DerNode): boolean {
  const { content } = expectTag(node, TAG.boolean);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw new DerError('boolean not DER');
  return content[0] === 0xff;
}

/** UTCTime (two-digit years, 50 = 1950) or GeneralizedTime, seconds and Z as DER wants; as ISO 8601 in milliseconds. */
export function readTime(node: DerNode): string {
  const text = Buffer.from(node.content).toString('latin1');
  const wide = node.tag === TAG.utcTime ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  if (node.tag !== TAG.utcTime && node.tag !== TAG.generalizedTime) throw new DerError('not a time');
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(wide);
  if (!parts) throw new DerError('time not DER');
  const iso = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}.000Z`;
  const instant = new Date(iso);
  if (Number.isNaN(instant.getTime()) || instant.toISOString() !== iso) throw new DerError('impossible time');
  return iso;
}

export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) head.unshift(rest % 256);
  const lead = length < 0x80 ? [tag, length] : [tag, 0x80 | head.length, ...head];
  return Buffer.concat([Uint8Array.from(lead), ...parts]);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => der(TAG.sequence, ...parts);

/** SET OF: members in ascending order of their encodings (X.690 §11.6). */
export const setOf = (...parts: readonly Uint8Array[]): Uint8Array => der(TAG.set, ...[...parts].sort(Buffer.compare));

export const octetString = (content: Uint8Array): Uint8Array => der(TAG.octetString, content);

export const bitString = (octets: Uint8Array): Uint8Array => der(TAG.bitString, Uint8Array.of(0), octets);

export const nullValue: Uint8Array = der(TAG.null);

export const utf8String = (text: string): Uint8Array => der(TAG.utf8String, Buffer.from(text, 'utf8'));

/** A non-negative INTEGER from big-endian bytes. */
export function unsignedInteger(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const trimmed = bytes.subarray(start);
  return (trimmed[0] ?? 0) >= 0x80 ? der(TAG.integer, Uint8Array.of(0), trimmed) : der(TAG.integer, trimmed);
}

export function objectId(dotted: string): Uint8Array {
  const [top = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const content = [top * 40 + second, ...rest].flatMap((arc) => {
    const octets = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) octets.unshift(0x80 | (left % 128));
    return octets;
  });
  return der(TAG.oid, Uint8Array.from(content));
}
