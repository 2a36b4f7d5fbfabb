// Check digits and shape of citizen id numbers (GB 11643) and unified social credit codes (GB 32100).
// Must not know fields, rows or words: a code in, a judgement out. Input is already half-width and upper-case.

/** malformed: not the shape at all; check-digit: the shape, but one character is wrong. */
export type CodeJudgement = 'valid' | 'malformed' | 'check-digit';

const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CITIZEN_CHECKS = '10X98765432';
const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CREDIT_PATTERN = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Proleptic Gregorian, no time zone. */
export function dayExists(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0));
}

function citizenCheck(first17: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (first17.charCodeAt(i) - 48) * (CITIZEN_WEIGHTS[i] ?? 0);
  return CITIZEN_CHECKS.charAt(sum % 11);
}

/**
 * GB 11643: shape, date of birth, check character. Region prefixes are not checked: historic ones stay valid for life
 * (standards: do not reject on an unknown prefix).
 */
export function judgeCitizenId(id: string): CodeJudgement {
  if (!/^[1-9]\d{16}[\dX]$/.test(id)) return 'malformed';
  const year = Number(id.slice(6, 10));
  if (year < 1850 || !dayExists(year, Number(id.slice(10, 12)), Number(id.slice(12, 14)))) return 'malformed';
  return citizenCheck(id) === id.charAt(17) ? 'valid' : 'check-digit';
}

/** The 15-digit number of before 1999 in its 18-character form (GB 11643: century 19, check character added); null if it is none. */
export function modernCitizenId(old: string): string | null {
  if (!/^[1-9]\d{14}$/.test(old)) return null;
  const first17 = `${old.slice(0, 6)}19${old.slice(6)}`;
  const id = first17 + citizenCheck(first17);
  return judgeCitizenId(id) === 'valid' ? id : null;
}

/**
 * GB 32100-2015. Only the last check character decides. Why: the organisation code inside (characters 9-17) has a check
 * character of its own by GB 11714, but codes given out to co-operatives and sole traders do not all keep it.
 */
export function judgeCreditCode(code: string): CodeJudgement {
  if (!CREDIT_PATTERN.test(code)) return 'malformed';
  let sum = 0;
  let weight = 1;
  for (let i = 0; i < 17; i++) {
    sum += CREDIT_ALPHABET.indexOf(code.charAt(i)) * weight;
    weight = (weight * 3) % 31;
  }
  return CREDIT_ALPHABET.charAt((31 - (sum % 31)) % 31) === code.charAt(17) ? 'valid' : 'check-digit';
}

/**
 * The alphabet of credit codes leaves out I, O, S, V, Z because they are read as 1, 0, 5, U, 2: a code that holds one
 * was misread. Gives the reading with a right check character, else null.
 */
export function rereadCreditCode(code: string): string | null {
  const reread = code.replace(/[IOSVZ]/g, (c) => ({ I: '1', O: '0', S: '5', V: 'U', Z: '2' })[c] ?? c);
  return reread !== code && judgeCreditCode(reread) === 'valid' ? reread : null;
}

/** Holder code types of GB/T 36903 annex A that the station can prove: 001 credit code, 111 citizen id. */
export type HolderCodeType = '001' | '111';

export function holderCodeType(code: string): HolderCodeType | null {
  if (judgeCitizenId(code) === 'valid') return '111';
  return judgeCreditCode(code) === 'valid' ? '001' : null;
}

/** A code that may be either: the judgement of the kind it was meant as. */
export function judgeHolderCode(code: string): CodeJudgement {
  if (holderCodeType(code) !== null) return 'valid';
  const asCitizen = judgeCitizenId(code);
  return asCitizen === 'malformed' ? judgeCreditCode(code) : asCitizen;
}
