// The licence identifier 证照标识 of GB/T 36904: its parts, how it is written, and its check character.
// Station and library both judge with this. Must not hand out serials.

const ROOT = '1.2.156.3005.2';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Letters of a credit code: I, O, S, V, Z are left out (GB 32100). */
const CREDIT = '[0-9A-HJ-NPQRTUWXY]{18}';
const PARTS = new RegExp(`^(?<typeCode>${CREDIT}\\d{3})\\.(?<issuerCode>${CREDIT})\\.(?<serial>[0-9A-Z]{1,64})\\.(?<version>\\d{3})$`);

export interface IdentifierParts {
  readonly typeCode: string;
  readonly issuerCode: string;
  readonly serial: string;
  /** From 1; a licence issued anew keeps its serial and gets the next version. */
  readonly version: number;
}

/** ISO 7064 MOD 37,36 (hybrid, GB/T 17710) over the parts joined without root and dots. */
export function identifierCheckCharacter(text: string): string {
  let product = 36;
  for (const character of text) {
    product = (product + ALPHABET.indexOf(character)) % 36 || 36;
    product = (product * 2) % 37;
  }
  return ALPHABET.charAt((37 - product) % 36);
}

/** Throws RangeError on parts that the standard does not allow. */
export function writeIdentifier(parts: IdentifierParts): string {
  const body = [parts.typeCode, parts.issuerCode, parts.serial, String(parts.version).padStart(3, '0')].join('.');
  if (!PARTS.test(body) || parts.version < 1) throw new RangeError(`no identifier: ${body}`);
  return `${ROOT}.${body}.${identifierCheckCharacter(body.replaceAll('.', ''))}`;
}

/** Null for anything but a whole identifier with its right check character, as this product makes them. */
export function readIdentifier(text: string): IdentifierParts | null {
  if (!text.startsWith(`${ROOT}.`)) return null;
  const body = text.slice(ROOT.length + 1, -2);
  const { typeCode, issuerCode, serial, version } = PARTS.exec(body)?.groups ?? {};
  if (typeCode === undefined || issuerCode === undefined || serial === undefined || version === undefined || version === '000') return null;
  if (text.slice(-2) !== `.${identifierCheckCharacter(body.replaceAll('.', ''))}`) return null;
  return { typeCode, issuerCode, serial, version: Number(version) };
}
