// A scanner for the plain XML inside spreadsheets, fed piece by piece: tags, attributes, text. Namespace prefixes are dropped.
// Must not follow entities or document types: a DOCTYPE is refused, so nothing can be expanded or fetched.

export class BrokenXml extends Error {}

export interface XmlHandler {
  /** `attributes` is the raw text after the name, for `attribute()`. */
  open(name: string, attributes: string): void;
  /** Raw, entities not yet resolved; may come in several pieces. */
  text(raw: string): void;
  close(name: string): void;
}

const MAX_TAG_CHARS = 64 * 1024;

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Position of the `>` that ends the tag begun at `at`, skipping quoted attribute values; -1 when not there yet. */
function tagEnd(text: string, at: number): number {
  let quote = 0;
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quote !== 0) {
      if (c === quote) quote = 0;
    } else if (c === 62) return i;
    else if (c === 34 || c === 39) quote = c;
  }
  return -1;
}

export function createXmlScanner(handler: XmlHandler): { push(text: string): void; end(): void } {
  let rest = '';
  let depth = 0;

  const close = (name: string): void => {
    depth--;
    if (depth < 0) throw new BrokenXml('closes what was not open');
    handler.close(name);
  };

  const tag = (body: string): void => {
    if (body.startsWith('/')) {
      close(localName(body.slice(1).trim()));
      return;
    }
    const isEmpty = body.endsWith('/');
    const inner = isEmpty ? body.slice(0, -1) : body;
    const space = inner.search(/\s/);
    const name = localName(space < 0 ? inner : inner.slice(0, space));
    depth++;
    handler.open(name, space < 0 ? '' : inner.slice(space));
    if (isEmpty) close(name);
  };

  /** Handles what begins with `<` at `at`; gives the position after it, or -1 when it is not all there. */
  const markup = (text: string, at: number): number => {
    if (text.startsWith('<!', at) || text.startsWith('<?', at)) {
      // Wait for enough text to tell a comment from CDATA from a DOCTYPE.
      if (text.length < at + 9) return -1;
      const closing = text.startsWith('<!--', at)
        ? '-->'
        : text.startsWith('<![CDATA[', at)
          ? ']]>'
          : text.startsWith('<?', at)
            ? '?>'
            : null;
      if (closing === null) throw new BrokenXml('document type');
      const end = text.indexOf(closing, at + 2);
      if (end < 0) return -1;
      // Kept as text; & is masked because CDATA has no entities.
      if (closing === ']]>') handler.text(text.slice(at + 9, end).replaceAll('&', '&amp;'));
      return end + closing.length;
    }
    const end = tagEnd(text, at);
    if (end < 0) return -1;
    tag(text.slice(at + 1, end));
    return end + 1;
  };

  return {
    push(piece) {
      const text = rest + piece;
      let at = 0;
      while (at < text.length) {
        const open = text.indexOf('<', at);
        const textEnd = open < 0 ? text.length : open;
        // Keep a reference whole when the piece ends within it.
        const cut = open < 0 ? text.lastIndexOf('&') : -1;
        const safeEnd = cut >= at && text.length - cut < 16 ? cut : textEnd;
        if (safeEnd > at) handler.text(text.slice(at, safeEnd));
        at = safeEnd;
        if (open < 0) break;
        const next = markup(text, open);
        if (next < 0) break;
        at = next;
      }
      rest = text.slice(at);
      if (rest.length > MAX_TAG_CHARS) throw new BrokenXml('endless tag');
    },
    end() {
      if (rest.trim() !== '' || depth !== 0) throw new BrokenXml('is cut short');
    },
  };
}

/** A prefix, single quotes, or space around the equals sign. */
const UNUSUAL = /[':\t\r\n]| =|= /;

/** Value of an attribute by local name, entities resolved; undefined when absent. Linear in the length, whatever is in it. */
export function attribute(attributes: string, name: string): string | undefined {
  // The form nearly every writer uses: this runs three times for each cell.
  const needle = ` ${name}="`;
  const usual = attributes.indexOf(needle);
  if (usual >= 0) {
    const from = usual + needle.length;
    const to = attributes.indexOf('"', from);
    if (to >= 0) return unescapeXml(attributes.slice(from, to));
  }
  if (!UNUSUAL.test(attributes)) return undefined;
  for (let at = 0; ; ) {
    const equals = attributes.indexOf('=', at);
    if (equals < 0) return undefined;
    let from = equals + 1;
    while (from < attributes.length && attributes.charCodeAt(from) <= 32) from++;
    const quote = attributes.charAt(from);
    const to = quote === '"' || quote === "'" ? attributes.indexOf(quote, from + 1) : -1;
    if (to < 0) return undefined;
    if (localName(attributes.slice(at, equals).trim()) === name) return unescapeXml(attributes.slice(from + 1, to));
    at = to + 1;
  }
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Resolves the five named and all numeric references; others stay as they are. */
export function unescapeXml(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|[a-z]+);/g, (whole, ref: string) => {
    if (!ref.startsWith('#')) return NAMED[ref] ?? whole;
    const point = ref.startsWith('#x') ? Number.parseInt(ref.slice(2), 16) : Number(ref.slice(1));
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
