// The tags a screen reader follows: title, paragraphs, form rows, figures, the seal. A form row is one paragraph, label
// before value: read aloud it is a sentence, and a table of two columns tells a listener no more.
// Must not touch the page content: it only mirrors the blocks in their order.
import type { Block } from '../model.ts';
import type { PdfBody } from './pdf-body.ts';
import { ref, textString } from './pdf-syntax.ts';

const TAGS = { title: 'H1', paragraph: 'P', label: 'Span', value: 'Span', figure: 'Figure' } as const;

/** Tag of a block's marked content on the page. */
export const tagOf = (role: keyof typeof TAGS): string => TAGS[role];

interface Element {
  readonly tag: string;
  readonly extra: string;
  readonly row: number | undefined;
  readonly marked: number[];
}

/**
 * Marked content n is the n-th block that is not decoration. Returns the structure tree root's number. The page uses
 * parent tree key 0, the seal's field (if any) key 1.
 */
export function putStructure(
  body: PdfBody,
  blocks: readonly Block[],
  page: number,
  sealField: number | undefined,
  sealAlt: string,
): number {
  const elements: Element[] = [];
  let mcid = 0;
  for (const block of blocks) {
    if (block.role === 'decoration') continue;
    const last = elements.at(-1);
    if (block.row !== undefined && last?.row === block.row) last.marked.push(mcid);
    else {
      const tag = block.row === undefined ? TAGS[block.role] : 'P';
      elements.push({ tag, extra: block.alt ? `/Alt${textString(block.alt)}` : '', row: block.row, marked: [mcid] });
    }
    mcid += 1;
  }

  const root = body.allocate();
  const document = body.allocate();
  const parents: number[] = [];
  const children = elements.map((element) => {
    const object = body.put(`<</S/${element.tag}/P ${ref(document)}/Pg ${ref(page)}${element.extra}/K[${element.marked.join(' ')}]>>`);
    for (const marked of element.marked) parents[marked] = object;
    return object;
  });
  let sealNumber = '';
  if (sealField !== undefined) {
    const seal = body.put(`<</S/Form/P ${ref(document)}/Pg ${ref(page)}/Alt${textString(sealAlt)}/K<</Type/OBJR/Obj ${ref(sealField)}>>>>`);
    children.push(seal);
    sealNumber = ` 1 ${ref(seal)}`;
  }
  body.put(`<</S/Document/P ${ref(root)}/K[${children.map(ref).join(' ')}]>>`, document);
  return body.put(
    `<</Type/StructTreeRoot/K ${ref(document)}/ParentTree<</Nums[0[${parents.map(ref).join(' ')}]${sealNumber}]>>/ParentTreeNextKey 2>>`,
    root,
  );
}
