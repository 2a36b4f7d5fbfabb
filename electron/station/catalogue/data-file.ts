// Reads one JSON data file of the catalogue against its schema.
// Must not know what the file means.
import type { z } from 'zod';
import { StationError } from '../../contract/station-error.ts';

/** @throws CATALOGUE_INVALID {file, problem}: not UTF-8 JSON, or the path and reason of the first violation of the schema. */
export function parseDataFile<S extends z.ZodType>(file: string, bytes: Uint8Array, schema: S): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new StationError('CATALOGUE_INVALID', { file, problem: 'not JSON in UTF-8' }, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const problem = issue === undefined ? 'does not match the schema' : `${issue.path.join('.')}: ${issue.message}`;
  throw new StationError('CATALOGUE_INVALID', { file, problem });
}
