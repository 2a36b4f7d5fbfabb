// The licence identifier 证照标识 of GB/T 36904 with its ISO 7064 MOD 37,36 check character: build and read. Station and
// library both judge with this. Must not hand out serials: the number ledger does.

const ROOT = '1.2.156.3005.2';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Letters of a credit code: I, O, S, V, Z are left out (GB 32100). */
const CREDIT = '[0-9A-HJ-NPQRTUWXY]{18}';
const TYPE_CODE = new RegExp(`^${CREDIT}\\d{3}$`);
const ISSUER_CODE = new RegExp(`^${CREDIT}$`);
const WHOLE = new RegExp(`^1\\.2\\.156\\.3005\\.2\\.(${CREDIT}\\d{3})\\.(${CREDIT}|\\d{6})\\.([0-9A-Z]{1,64})\\.(\\d{3})\\.([0-9A-Z])$`);

export interface IdentifierParts {
  /** 18-character code of the defining authority + 3 digits. */
  readonly typeCode: string;
  readonly issuerCode: string;
  /** Upper-case letters and digits only; GB/T 36904 names no length, 64 is this product's limit. */
  readonly serial: string;
  /** From 1; a licence issued anew keeps its serial and gets the next version. */
  readonly version: number;
}

export interface ParsedIdentifier extends IdentifierParts {
  readonly checkCharacter: string;
  /** False is only a warning for identifiers made elsewhere: published examples with a wrong one exist. */
  readonly isCheckRight: boolean;
}

/** ISO 7064 MOD 37,36 (hybrid, GB/T 17710) over characters 0-9A-Z. */
export function checkCharacter(text: string): string {
  let p = 36;
  for (const c of text) {
    p = (p + ALPHABET.indexOf(c)) % 36 || 36;
    p = (p * 2) % 37;
  }
  // Quirk: P = 1 gives 0, which one public implementation misses.
  return ALPHABET.charAt((37 - p) % 36);
}

/** Throws RangeError on parts the standard does not allow: that is a bug of the caller, never input of a person. */
export function buildIdentifier(parts: IdentifierParts): string {
  const { typeCode, issuerCode, serial, version } = parts;
  if (!TYPE_CODE.test(typeCode)) throw new RangeError('type code is not 18 + 3 characters');
  if (!ISSUER_CODE.test(issuerCode)) throw new RangeError('issuer code is not a credit code');
  if (!/^[0-9A-Z]{1,64}$/.test(serial)) throw new RangeError('serial is not 1-64 of 0-9A-Z');
  if (!Number.isInteger(version) || version < 1 || version > 999) throw new RangeError('version is not 1-999');
  const v = String(version).padStart(3, '0');
  return [ROOT, typeCode, issuerCode, serial, v, checkCharacter(typeCode + issuerCode + serial + v)].join('.');
}

/** null when the text is no identifier at all. Six-digit region codes as issuer are read, as some cities used them, never built. */
export function parseIdentifier(text: string): ParsedIdentifier | null {
  const m = WHOLE.exec(text);
  if (m === null) return null;
  const [, typeCode = '', issuerCode = '', serial = '', version = '', check = ''] = m;
  return {
    typeCode,
    issuerCode,
    serial,
    version: Number(version),
    checkCharacter: check,
    isCheckRight: checkCharacter(typeCode + issuerCode + serial + version) === check,
  };
}

/** Null for anything but a whole identifier with its right check character, as this product builds them. */
export function readIdentifier(text: string): IdentifierParts | null {
  const parsed = parseIdentifier(text);
  return parsed === null || !parsed.isCheckRight || parsed.version === 0 || !ISSUER_CODE.test(parsed.issuerCode) ? null : parsed;
}
