// A table that draws only the rows in view, walked by the arrow keys.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { useWords } from '../station/language.tsx';

export interface Column<Row> {
  readonly key: string;
  readonly title: ReactNode;
  /** A CSS grid track, e.g. `minmax(120px, 2fr)`. */
  readonly width: string;
  readonly align?: 'right';
  readonly render: (row: Row, index: number) => ReactNode;
}

interface VirtualGridProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly total: number;
  readonly rowAt: (index: number) => Row | undefined;
  readonly rowKey: (row: Row) => string;
  readonly onRange?: (first: number, last: number) => void;
  readonly current?: number | undefined;
  readonly onCurrent?: (index: number) => void;
  readonly onOpen?: (index: number) => void;
  /** Space on a row, where rows can be chosen. */
  readonly onChoose?: (index: number) => void;
  readonly rowHeight?: number;
  readonly foot?: ReactNode;
  readonly empty: ReactNode;
  readonly testId?: string;
  readonly hideHead?: boolean;
}

/** Of a track `minmax(120px, 2fr)` or `96px` the pixels: below their sum the table scrolls sideways. */
function leastWidth<Row>(columns: readonly Column<Row>[]): number {
  return columns.reduce((sum, { width }) => sum + Number(/(\d+)px/.exec(width)?.[1] ?? 0), 0);
}

export function VirtualGrid<Row>(props: VirtualGridProps<Row>) {
  const {
    label,
    columns,
    total,
    rowAt,
    rowKey,
    onRange,
    current,
    onCurrent,
    onOpen,
    onChoose,
    rowHeight = 36,
    foot,
    empty,
    testId,
    hideHead = false,
  } = props;
  const { t } = useWords();
  const scroll = useRef<HTMLDivElement>(null);
  const id = useId();
  const headHeight = hideHead ? 0 : 34;
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollPaddingStart: headHeight,
  });
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => onRange?.(first, last), [onRange, first, last]);

  const template = columns.map((column) => column.width).join(' ');
  const move = (to: number) => {
    const index = Math.max(0, Math.min(total - 1, to));
    onCurrent?.(index);
    rows.scrollToIndex(index);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || total === 0) return;
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 400) / rowHeight) - 2);
    const at = current ?? -1;
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(at + 1),
      ArrowUp: () => move(Math.max(at, 1) - 1),
      PageDown: () => move(at + page),
      PageUp: () => move(at - page),
      Home: () => move(0),
      End: () => move(total - 1),
      Enter: () => current !== undefined && onOpen?.(current),
      ' ': () => current !== undefined && onChoose?.(current),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };

  return (
    <div className="grid grow">
      {total === 0 ? (
        empty
      ) : (
        <div
          ref={scroll}
          className="grid-scroll"
          role="grid"
          aria-label={label}
          aria-rowcount={total + 1}
          aria-activedescendant={current === undefined ? undefined : `${id}-${current}`}
          tabIndex={0}
          onKeyDown={onKeyDown}
          data-testid={testId}
        >
          <div className="grid-inner" style={{ minWidth: leastWidth(columns) }}>
            {!hideHead && (
              <div className="grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }} tabIndex={-1}>
                {columns.map((column) => (
                  <div key={column.key} role="columnheader" tabIndex={-1} className={`grid-cell ${column.align ?? ''}`}>
                    {column.title}
                  </div>
                ))}
              </div>
            )}
            <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
              {items.map((item) => {
                const row = rowAt(item.index);
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the grid itself takes the keys
                  <div
                    key={row === undefined ? `#${item.index}` : rowKey(row)}
                    id={`${id}-${item.index}`}
                    className={`grid-row ${item.index === current ? 'is-current' : ''}`}
                    role="row"
                    tabIndex={-1}
                    aria-rowindex={item.index + 2}
                    aria-selected={item.index === current}
                    style={{ gridTemplateColumns: template, height: rowHeight, transform: `translateY(${item.start}px)` }}
                    onClick={() => onCurrent?.(item.index)}
                    onDoubleClick={() => onOpen?.(item.index)}
                    data-testid="row"
                  >
                    {row === undefined ? (
                      <div className="grid-cell quiet" role="gridcell" tabIndex={-1}>
                        {t('ui.loading')}
                      </div>
                    ) : (
                      columns.map((column) => (
                        <div key={column.key} role="gridcell" tabIndex={-1} className={`grid-cell ${column.align ?? ''}`}>
                          {column.render(row, item.index)}
                        </div>
                      ))
                    )}
                  </div>
                );
              })}
            </div>
          </div>
        </div>
      )}
      {foot !== undefined && <div className="grid-foot">{foot}</div>}
    </div>
  );
}
