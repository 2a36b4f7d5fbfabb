// The tags a screen reader follows: title, paragraphs, the form as a table whose labels are row headers, figures, the seal.
// Must not touch the page content: it only mirrors the blocks in their order.
import type { Block } from '../model.ts';
import type { PdfBody } from './pdf-body.ts';
import { ref, textString } from './pdf-syntax.ts';

/** Tag of a block's marked content on the page. */
const TAGS = { title: 'H1', paragraph: 'P', label: 'TH', value: 'TD', figure: 'Figure' } as const;
export const tagOf = (role: keyof typeof TAGS): string => TAGS[role];

export interface Sheet {
  readonly blocks: readonly Block[];
  readonly page: number;
}

/** A field (a seal) a screen reader announces by `alt`. */
export interface TaggedField {
  readonly object: number;
  readonly page: number;
  readonly alt: string;
}

/** Key of a page in the parent tree is its index; fields follow in their order. */
export const fieldKey = (sheets: number, index: number): number => sheets + index;

/**
 * Marked content n of a page is its n-th block that is not decoration. Returns the structure tree root's number.
 * Blocks with a row, one after another, make one table.
 */
export function putStructure(body: PdfBody, sheets: readonly Sheet[], fields: readonly TaggedField[]): number {
  const root = body.allocate();
  const document = body.allocate();
  const children: number[] = [];
  const parentTree: string[] = [];
  sheets.forEach(({ blocks, page }, key) => {
    const parents: number[] = [];
    let table:
      | { readonly object: number; readonly rows: { readonly row: number; readonly object: number; readonly cells: number[] }[] }
      | undefined;
    const endTable = () => {
      if (!table) return;
      const { object, rows } = table;
      for (const row of rows) body.put(`<</S/TR/P ${ref(object)}/K[${row.cells.map(ref).join(' ')}]>>`, row.object);
      body.put(`<</S/Table/P ${ref(document)}/K[${rows.map((row) => ref(row.object)).join(' ')}]>>`, object);
      table = undefined;
    };
    for (const block of blocks) {
      const { role } = block;
      if (role === 'decoration') continue;
      const element = (parent: number) => {
        const made = body.put(`<</S/${TAGS[role]}/P ${ref(parent)}/Pg ${ref(page)}${attributesOf(block)}/K ${parents.length}>>`);
        parents.push(made);
        return made;
      };
      if (block.row === undefined) {
        endTable();
        children.push(element(document));
        continue;
      }
      if (!table) {
        table = { object: body.allocate(), rows: [] };
        children.push(table.object);
      }
      let row = table.rows.at(-1);
      if (row?.row !== block.row) {
        row = { row: block.row, object: body.allocate(), cells: [] };
        table.rows.push(row);
      }
      row.cells.push(element(row.object));
    }
    endTable();
    parentTree.push(`${key}[${parents.map(ref).join(' ')}]`);
  });
  fields.forEach(({ object, page, alt }, index) => {
    const element = body.put(`<</S/Form/P ${ref(document)}/Pg ${ref(page)}/Alt${textString(alt)}/K<</Type/OBJR/Obj ${ref(object)}>>>>`);
    children.push(element);
    parentTree.push(`${fieldKey(sheets.length, index)} ${ref(element)}`);
  });
  body.put(`<</S/Document/P ${ref(root)}/K[${children.map(ref).join(' ')}]>>`, document);
  // One class says of every label that it heads its row: an attribute of each would cost bytes.
  return body.put(
    `<</Type/StructTreeRoot/K ${ref(document)}/ParentTree<</Nums[${parentTree.join('')}]>>/ParentTreeNextKey ${sheets.length + fields.length}/ClassMap<</h<</O/Table/Scope/Row>>>>>>`,
    root,
  );
}

function attributesOf(block: Block): string {
  if (block.role === 'figure') return `/Alt${textString(block.alt ?? '')}`;
  const heads = block.role === 'label' && block.row !== undefined ? '/C/h' : '';
  return (block.rows ?? 1) > 1 ? `${heads}/A<</O/Table/RowSpan ${block.rows}>>` : heads;
}
