// What an annotated copy (加注件, R11) adds to a licence: the four JZJ elements of GB/T 36903 in the metadata, the words of its
// stamp, and where on the sheet the stamp may stand. One source for the maker and for the verifier, which builds the same again.
export interface AnnotatedCopy {
  /** JZJZZSY: what the copy is for; at most 200 characters. */
  readonly purpose: string;
  /** JZJZZZ */
  readonly maker: string;
  /** JZJZZSJ: 14 digits, local time (UTC+8). */
  readonly madeAt: string;
  /** JZJYXQJZSJ: 14 digits, local time; '' for a copy without an end. */
  readonly until: string;
}

export const LIMITS = { purpose: 200, maker: 100 } as const;

/** Between the border of a face and the lower edge of the paper lies this much free paper: a stamp hides nothing there. */
export const STAMP_STRIP_MM = 8.6;

const day = (digits: string): string => `${digits.slice(0, 4)}年${Number(digits.slice(4, 6))}月${Number(digits.slice(6, 8))}日`;

/** The words on the page. */
export function stampWords(copy: AnnotatedCopy): string {
  const until = copy.until === '' ? '' : `　有效期至：${day(copy.until)}`;
  return `电子证照加注件　用途：${copy.purpose}　制作者：${copy.maker}　制作日期：${day(copy.madeAt)}${until}`;
}

const ELEMENTS = [
  ['JZJZZSJ', 'madeAt'],
  ['JZJZZZ', 'maker'],
  ['JZJZZSY', 'purpose'],
  ['JZJYXQJZSJ', 'until'],
] as const;
const SPACE = 'urn:gbt:36903-2018:annotated-copy';
const escaped = (text: string): string => text.replace(/[&<>"\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
const unescaped = (text: string): string => text.replace(/&#(\d{1,3});/g, (_, code: string) => String.fromCharCode(Number(code)));

/** PDF/A wants the description of every property that is not its own (Spec: ISO 19005-3 §6.6.2.3). */
const property = (name: string): string =>
  `<rdf:li rdf:parseType="Resource"><pdfaProperty:name>${name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>GB/T 36903</pdfaProperty:description></rdf:li>`;
const SCHEMA = `<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>GB/T 36903</pdfaSchema:schema><pdfaSchema:namespaceURI>${SPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>jzj</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>${ELEMENTS.map(([name]) => property(name)).join('')}</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>`;
const OPEN = `<rdf:Description rdf:about="" xmlns:jzj="${SPACE}" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">`;
const END = '</rdf:RDF>';

/** The metadata of the copy: that of the original with the elements before the end. Null where there is no such metadata. */
export function withCopyElements(xmp: string, copy: AnnotatedCopy): string | null {
  const at = xmp.lastIndexOf(END);
  if (at < 0) return null;
  const elements = ELEMENTS.map(([name, key]) => (copy[key] === '' ? '' : `<jzj:${name}>${escaped(copy[key])}</jzj:${name}>`)).join('');
  return `${xmp.slice(0, at)}${OPEN}${elements}${SCHEMA}</rdf:Description>${xmp.slice(at)}`;
}

/** The four elements; null unless `after` is exactly `before` with them added. */
export function addedCopyElements(before: string, after: string): AnnotatedCopy | null {
  const at = before.lastIndexOf(END);
  if (at < 0 || !after.startsWith(`${before.slice(0, at)}${OPEN}`)) return null;
  const added = after.slice(at, after.length - (before.length - at));
  const read = (name: string): string => unescaped(new RegExp(`<jzj:${name}>([^<]*)</jzj:${name}>`).exec(added)?.[1] ?? '');
  const copy = { madeAt: read('JZJZZSJ'), maker: read('JZJZZZ'), purpose: read('JZJZZSY'), until: read('JZJYXQJZSJ') };
  return isCopyRight(copy) && withCopyElements(before, copy) === after ? copy : null;
}

export function isCopyRight(copy: AnnotatedCopy): boolean {
  // Control characters have no place on a stamp; \p{Cc} is their Unicode class.
  const within = (text: string, limit: number) => text.trim() !== '' && [...text].length <= limit && !/\p{Cc}/u.test(text);
  return (
    within(copy.purpose, LIMITS.purpose) &&
    within(copy.maker, LIMITS.maker) &&
    /^\d{14}$/.test(copy.madeAt) &&
    (copy.until === '' || (/^\d{14}$/.test(copy.until) && copy.until >= copy.madeAt))
  );
}
