// The library's words for each refusal: the code on the wire, the HTTP status, and the reason in two languages. Data only.
import type { RefusalReply } from '../contract/library.ts';

interface RefusalWords {
  readonly code: RefusalReply['code'];
  readonly status: 400 | 409 | 413 | 415 | 422;
  /** `{what}` is filled in. */
  readonly en: string;
  readonly zh: string;
}

export const refusals = {
  notJson: { code: 'MALFORMED', status: 400, en: 'The body is not JSON.', zh: '请求内容不是 JSON。' },
  wrongForm: {
    code: 'MALFORMED',
    status: 400,
    en: 'The item does not have the agreed form: {what}.',
    zh: '数据项格式不符合约定：{what}。',
  },
  wrongContentType: {
    code: 'MALFORMED',
    status: 415,
    en: 'The content type must be application/json.',
    zh: '内容类型必须为 application/json。',
  },
  tooLarge: { code: 'MALFORMED', status: 413, en: 'The item is larger than {what} MB.', zh: '数据超过 {what} MB。' },
  wrongKey: { code: 'MALFORMED', status: 400, en: 'The idempotency key is not the item id.', zh: '幂等键与数据项编号不一致。' },
  wrongHash: {
    code: 'MALFORMED',
    status: 400,
    en: 'The file does not have the hash that the item names.',
    zh: '文件的摘要与所报摘要不一致。',
  },
  profile: { code: 'PROFILE', status: 422, en: 'This is a library for {what} items only.', zh: '本证照库只接收 {what} 类数据。' },
  identifierForm: {
    code: 'IDENTIFIER',
    status: 422,
    en: 'The licence identifier or its check character is wrong: {what}.',
    zh: '证照标识或其校验位有误：{what}。',
  },
  identifierMismatch: {
    code: 'IDENTIFIER',
    status: 422,
    en: 'The licence identifier does not fit the item: {what}.',
    zh: '证照标识与数据项不符：{what}。',
  },
  blank: { code: 'INCOMPLETE', status: 422, en: 'Something is missing: {what}.', zh: '缺少内容：{what}。' },
  dates: { code: 'INCOMPLETE', status: 422, en: 'The dates contradict each other: {what}.', zh: '日期相互矛盾：{what}。' },
  unknownIssuer: {
    code: 'SIGNATURE',
    status: 422,
    en: 'No certificate of issuer {what} is registered here.',
    zh: '本库没有登记颁发机构 {what} 的证书。',
  },
  badSignature: { code: 'SIGNATURE', status: 422, en: 'The seal on the file is not valid: {what}.', zh: '文件上的电子印章无效：{what}。' },
  wrongSigner: {
    code: 'SIGNATURE',
    status: 422,
    en: 'The file is sealed with a certificate that is not one of issuer {what}.',
    zh: '文件所用证书不属于颁发机构 {what}。',
  },
  order: { code: 'ORDER', status: 422, en: 'Something that must come before is not here yet: {what}.', zh: '前序数据尚未到达：{what}。' },
  conflict: {
    code: 'CONFLICT',
    status: 409,
    en: 'The library already holds something else under this name: {what}.',
    zh: '库中已有同名而内容不同的数据：{what}。',
  },
} as const satisfies Record<string, RefusalWords>;

export interface Refusal {
  readonly refused: keyof typeof refusals;
  readonly what: string;
}

export const refusal = (refused: keyof typeof refusals, what = ''): Refusal => ({ refused, what });

export function writeRefusal({ refused, what }: Refusal): { readonly status: number; readonly body: RefusalReply } {
  const { code, status, en, zh } = refusals[refused];
  return { status, body: { code, reason: en.replace('{what}', what), reasonZh: zh.replace('{what}', what) } };
}
