// The page model: what stands where, in millimetres from the top left corner, y down. Any file format is drawn from it.
// Must not know PDF, fonts' files or licences; a writer needs nothing but this and the fonts.
import type { Weight } from './fonts/font-set.ts';

/** sRGB, each 0…1. */
export type Colour = readonly [red: number, green: number, blue: number];

export type PathCommand =
  | readonly ['M', number, number]
  | readonly ['L', number, number]
  | readonly ['C', number, number, number, number, number, number]
  | readonly ['Z'];

export interface PathMark {
  readonly kind: 'path';
  readonly commands: readonly PathCommand[];
  readonly fill?: Colour;
  readonly stroke?: { readonly colour: Colour; readonly widthMm: number; readonly dashMm?: readonly [on: number, off: number] };
}

export interface TextMark {
  readonly kind: 'text';
  /** Left end of the baseline. */
  readonly x: number;
  readonly y: number;
  readonly sizeMm: number;
  readonly weight: Weight;
  readonly text: string;
  readonly colour: Colour;
  /** Added after each character. */
  readonly spacingMm: number;
  /** True where the text is the same on every document of this template and office: its glyphs are subset once. */
  readonly constant: boolean;
}

export interface Placing {
  readonly x: number;
  readonly y: number;
  /** Clockwise, in degrees. */
  readonly turn: number;
  /** Millimetres for one unit of the drawing; 1 where it is drawn in millimetres. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** The same small drawing at many places (borders cost few bytes), or one in a unit of its own (outlined letters). */
export interface RepeatMark {
  readonly kind: 'repeat';
  readonly drawing: readonly PathMark[];
  readonly places: readonly Placing[];
}

/** A PNG picture, placed whole. */
export interface PictureMark {
  readonly kind: 'picture';
  readonly png: Uint8Array;
  readonly x: number;
  readonly y: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

/** A QR code, without its quiet zone; a true module is dark. */
export interface QrMark {
  readonly kind: 'qr';
  readonly x: number;
  readonly y: number;
  readonly sizeMm: number;
  readonly modules: readonly (readonly boolean[])[];
  readonly colour: Colour;
}

export type Mark = PathMark | TextMark | RepeatMark | PictureMark | QrMark;

/** What a screen reader is told a group of marks is; `decoration` is passed over. */
export type BlockRole = 'title' | 'paragraph' | 'label' | 'value' | 'figure' | 'decoration';

export interface Block {
  readonly role: BlockRole;
  readonly marks: readonly Mark[];
  /** Words for a figure. */
  readonly alt?: string;
  /** The whole text where the marks are pieces of it (wrapped lines, spaced titles). */
  readonly text?: string;
  /** Table row this label or value belongs to. */
  readonly row?: number;
  /** Rows a label or value spans; 1 when absent. */
  readonly rows?: number;
}

export interface SealPlace {
  readonly name: string;
  /** Top left corner. */
  readonly x: number;
  readonly y: number;
  readonly widthMm: number;
  readonly heightMm: number;
  /** Drawn in the seal's own coordinates, from its top left corner. */
  readonly marks: readonly Mark[];
}

export interface PageModel {
  readonly widthMm: number;
  readonly heightMm: number;
  /** Same object for every document of a template: a writer may keep what it made of it. Must be pure decoration. */
  readonly backdrop: readonly Mark[];
  /** In reading order. */
  readonly blocks: readonly Block[];
  readonly seal: SealPlace | null;
}
