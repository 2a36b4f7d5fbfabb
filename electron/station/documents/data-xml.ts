// The face's data as XML with the short names of GB/T 36903, attached to the file so that programs need not read the page.
// Must hold exactly the data approved: nothing computed later, nothing masked.
import type { LicenceType } from '../../contract/catalogue.ts';
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

export interface LicenceData {
  readonly licenceNumber: string;
  readonly identifier: string;
  readonly issuer: string;
  readonly issuedOn: string;
  /** By item key; dates `YYYY-MM-DD`. */
  readonly values: Readonly<Record<string, string>>;
}

/** Reads back what dataXml wrote; undefined for anything else. */
export function readDataXml(xml: string, type: LicenceType): LicenceData | undefined {
  if (!xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<DZZZ>\n')) return undefined;
  const elements = new Map(
    [...xml.matchAll(/^ {2}<([A-Z_]+)>([^<]*)<\/\1>$/gm)].map(([, name = '', text = '']) => [name, unescaped(text)]),
  );
  const day = (text: string) => text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const values = type.items.map((item) => {
    const text = elements.get(item.shortName) ?? '';
    return [item.key, item.kind === 'date' ? day(text) : text] as const;
  });
  return {
    licenceNumber: elements.get('ZZBH') ?? '',
    identifier: elements.get('ZZBS') ?? '',
    issuer: elements.get('ZZBFJG') ?? '',
    issuedOn: day(elements.get('ZZBFRQ') ?? ''),
    values: Object.fromEntries(values),
  };
}

const unescaped = (text: string): string =>
  text.replace(/&(amp|lt|gt);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '');

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
