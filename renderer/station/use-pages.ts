// A long list fetched page by page as it is scrolled, for the virtual tables.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { StationError } from '../../electron/contract/station-error.ts';
import { asStationError } from './describe-error.ts';
import { type GroupName, useHints } from './use-call.ts';

const PAGE_ROWS = 200;

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly more?: boolean;
}

export interface Pages<Row> {
  readonly total: number;
  readonly more: boolean;
  /** False until the first page of any choice has come. */
  readonly hasCome: boolean;
  readonly isLoading: boolean;
  readonly problem: StationError | undefined;
  readonly rowAt: (index: number) => Row | undefined;
  readonly onRange: (first: number, last: number) => void;
  readonly refetch: () => void;
}

interface Loaded<Row> {
  readonly key: string;
  readonly total: number;
  readonly more: boolean;
  readonly pages: ReadonlyMap<number, readonly Row[]>;
}

/**
 * `key` names the choice (filter); a new one starts from the top and the old rows stay until its first page is there.
 * `fetchPage` must be stable for one key (useCallback).
 */
export function usePages<Row>(
  group: GroupName,
  key: string | null,
  fetchPage: (offset: number, limit: number) => Promise<Page<Row>>,
): Pages<Row> {
  const [loaded, setLoaded] = useState<Loaded<Row> | undefined>(undefined);
  const [problem, setProblem] = useState<StationError | undefined>(undefined);
  const [underWay, setUnderWay] = useState(0);
  const asked = useRef(new Set<string>());
  const range = useRef<readonly [number, number]>([0, 0]);
  const current = useRef(key);

  const load = useCallback(
    (page: number, again: boolean) => {
      if (key === null) return;
      const name = `${key}|${page}`;
      if (asked.current.has(name) && !again) return;
      asked.current.add(name);
      setUnderWay((count) => count + 1);
      fetchPage(page * PAGE_ROWS, PAGE_ROWS)
        .then(
          (found) => {
            if (current.current !== key) return;
            setProblem(undefined);
            setLoaded((before) => {
              const pages = new Map(before?.key === key ? before.pages : []);
              pages.set(page, found.rows);
              return { key, total: found.total, more: found.more ?? false, pages };
            });
          },
          (thrown: unknown) => {
            asked.current.delete(name);
            if (current.current === key) setProblem(asStationError(thrown));
          },
        )
        .finally(() => setUnderWay((count) => count - 1));
    },
    [key, fetchPage],
  );

  useEffect(() => {
    current.current = key;
    asked.current.clear();
    range.current = [0, 0];
    load(0, true);
  }, [key, load]);

  const onRange = useCallback(
    (first: number, last: number) => {
      range.current = [first, last];
      for (let page = Math.floor(first / PAGE_ROWS); page <= Math.floor(last / PAGE_ROWS); page += 1) load(page, false);
    },
    [load],
  );

  const refetch = useCallback(() => {
    const [first, last] = range.current;
    asked.current.clear();
    for (let page = Math.floor(first / PAGE_ROWS); page <= Math.floor(last / PAGE_ROWS); page += 1) load(page, true);
  }, [load]);
  useHints(group, refetch);

  return useMemo(
    () => ({
      total: key === null ? 0 : (loaded?.total ?? 0),
      more: loaded?.more ?? false,
      hasCome: loaded !== undefined,
      isLoading: underWay > 0,
      problem,
      rowAt: (index) => loaded?.pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS],
      onRange,
      refetch,
    }),
    [key, loaded, underWay, problem, onRange, refetch],
  );
}
