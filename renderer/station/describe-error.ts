// The only place that turns an error code into words: what happened, why, what to do now, who can if not you.
import { type ErrorKind, errorCodes, isErrorCode } from '../../electron/contract/error-codes.ts';
import { StationError } from '../../electron/contract/station-error.ts';
import type { TextParams, Words } from './language.tsx';

export interface Description {
  readonly title: string;
  readonly detail: string;
  readonly action: string;
  /** Empty when the person at the desk is the one who can. */
  readonly who: string;
  /** Small print: the code, and the incident where support needs one. */
  readonly code: string;
  readonly kind: ErrorKind;
}

/** Names for what a detail refers to by its key, e.g. items of a licence type. */
export type Labels = (key: string) => string | undefined;

export function asStationError(thrown: unknown): StationError {
  return thrown instanceof StationError ? thrown : new StationError('INTERNAL', {}, { cause: thrown });
}

export function describeError(error: StationError, words: Words, labels: Labels = () => undefined): Description {
  const { detail, ...rest } = describeCode(error.code, error.details, words, labels);
  return { ...rest, detail, code: error.incident === undefined ? error.code : `${error.code} · ${error.incident}` };
}

/** For codes that travel as data: row faults, outcomes of a batch, problems of a job. */
export function describeCode(code: string, details: TextParams, words: Words, labels: Labels = () => undefined): Description {
  const known = isErrorCode(code) ? code : 'INTERNAL';
  const { kind } = errorCodes[known];
  const params = readable(details, words, labels);
  return {
    title: words.t(`error.${known}.title`, params),
    detail: words.t(`error.${known}.detail`, params),
    action: words.t(`error.${known}.action`, params),
    who: kind === 'operator' ? '' : words.t(`who.${kind}`),
    code,
    kind,
  };
}

/** Details name fields, states, roles and processes by key; people read their names. */
function readable(details: TextParams, words: Words, labels: Labels): TextParams {
  const list = (value: string, name: (key: string) => string) =>
    value
      .split(/[\s,，、]+/)
      .filter(Boolean)
      .map(name)
      .join(words.language === 'zh' ? '、' : ', ');
  const field = (key: string) => labels(key) ?? words.maybe(`field.${key}`) ?? key;
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => {
      const text = String(value);
      if (name === 'field') return [name, field(text)];
      if (name === 'columns') return [name, list(text, field)];
      if (name === 'needs') return [name, list(text, (role) => words.maybe(`role.${role}`) ?? role)];
      if (name === 'state') return [name, words.maybe(`state.${text}`) ?? text];
      if (name === 'process') return [name, words.maybe(`process.${text}`) ?? text];
      if (name === 'step') return [name, words.maybe(`step.${text}`) ?? text];
      if (name === 'triesLeft') return [name, words.maybe(`tries.${text}`) ?? text];
      if (name === 'what') return [name, words.maybe(`reasonFor.${text}`) ?? text];
      if (name === 'problem') return [name, words.maybe(`problem.${text}`) ?? text];
      if (name === 'profile') return [name, words.maybe(`profileName.${text}`) ?? text];
      return [name, value];
    }),
  );
}
