// What the print page and the shell say to each other. Types only.
// Must not offer anything else: the page draws bytes that may come from a file somebody brought.

export interface SheetSize {
  readonly widthMm: number;
  readonly heightMm: number;
}

export interface PrintBridge {
  /** The PDF. */
  bytes(): Promise<Uint8Array>;
  /** All pages are drawn; the size of the first. */
  drawn(sheet: SheetSize): void;
  failed(): void;
}
