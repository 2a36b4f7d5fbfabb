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
  const holder = holderCodeType(face.values[face.type.holder.code] ?? '');
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
    ...(holder ? [element('CZZTDMLX', holder.name), element('CZZTDMLXDM', holder.code)] : []),
    '</DZZZ>\n',
  ].join('');
}

/** Spec: GB/T 36903-2018 Annex A. Undefined for a code of any other kind: which, the code alone does not tell. */
function holderCodeType(code: string): { readonly name: string; readonly code: string } | undefined {
  if (isCitizenId(code)) return { name: '公民身份号码', code: '111' };
  return /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(code) ? { name: '统一社会信用代码', code: '001' } : undefined;
}

/** Spec: GB 11643-1999: a day of birth and the check digit of ISO 7064 MOD 11-2, which a credit code of digits alone does not have. */
function isCitizenId(code: string): boolean {
  const [, year, month, day] = /^\d{6}((?:19|20)\d\d)(\d\d)(\d\d)\d{3}[\dX]$/.exec(code) ?? [];
  if (year === undefined || Number.isNaN(Date.parse(`${year}-${month}-${day}`))) return false;
  const sum = [...code].reduce((total, digit, i) => total + (digit === 'X' ? 10 : Number(digit)) * (2 ** (17 - i) % 11), 0);
  return sum % 11 === 1;
}

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? character);
