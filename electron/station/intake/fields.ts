// The fields a type wants from a register: its data items and the matter's own columns, with the headings that name them.
// Must not look at values.
import type { DataItem, LicenceType } from '../../contract/catalogue.ts';
import type { FieldKey } from '../../contract/intake.ts';
import { headingKey } from '../catalogue/heading-key.ts';

export interface Field {
  readonly key: FieldKey;
  readonly name: string;
  readonly required: boolean;
  /** As `headingKey` gives them. */
  readonly headings: ReadonlySet<string>;
  /** null for the matter's own columns. */
  readonly item: DataItem | null;
}

const headingSet = (headings: readonly string[]): ReadonlySet<string> => new Set(headings.map(headingKey));

/** In the order of the standard, the matter's number first, its conclusion day last. */
export function fieldsOf(type: LicenceType): readonly Field[] {
  const { number, conclusionDay } = type.matter;
  const fields: Field[] = [
    { key: 'matterNumber', name: number.name, required: true, headings: headingSet([number.name, ...number.aliases]), item: null },
    ...type.items.map((item): Field => {
      return { key: item.key, name: item.name, required: item.required, headings: headingSet([item.name, ...item.aliases]), item };
    }),
  ];
  if (type.coding.source === 'business') {
    const name = type.coding.aliases[0] ?? '';
    fields.push({ key: 'licenceNumber', name, required: true, headings: headingSet(type.coding.aliases), item: null });
  }
  const day = headingSet([conclusionDay.name, ...conclusionDay.aliases]);
  fields.push({ key: 'conclusionDay', name: conclusionDay.name, required: true, headings: day, item: null });
  return fields;
}
