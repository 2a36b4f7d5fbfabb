// The face's data as XML with the short names of GB/T 36903, attached to the file so that programs need not read the page.
// Must hold exactly the data approved: nothing computed later, nothing masked.
import type { FaceInput } from './face.ts';

/** Days are written YYYYMMDD, as production files do. */
export function dataXml(face: FaceInput): string {
  const element = (name: string, value: string) => `  <${name}>${escaped(value)}</${name}>\n`;
  const items = face.type.items.map((item) => {
    const value = face.values[item.key] ?? '';
    return value === '' ? '' : element(item.shortName, item.kind === 'date' ? value.replaceAll('-', '') : value);
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<DZZZ>\n',
    element('ZZMC', face.type.name),
    element('ZZLXDM', face.type.code),
    element('ZZBH', face.licenceNumber),
    element('ZZBS', face.identifier),
    element('ZZBFJG', face.issuer.name),
    element('ZZBFJGDM', face.issuer.code),
    element('ZZBFRQ', face.conclusionDay.replaceAll('-', '')),
    ...items,
    '</DZZZ>\n',
  ].join('');
}

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? character);
