// The page itself, drawn from the very bytes that are stored (or would be), never from a picture made elsewhere.
import { MinusOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useWords } from '../station/language.tsx';
import { EmptyState } from './EmptyState.tsx';

GlobalWorkerOptions.workerSrc = workerUrl;

const STEP = 1.25;

interface PdfPageProps {
  readonly bytes: Uint8Array | undefined;
  readonly label: string;
  readonly isLoading?: boolean;
  readonly empty?: ReactNode;
  readonly tools?: ReactNode;
  /** Told once a page of these bytes has been drawn: the reviewer has had it before the eyes (R09). */
  readonly onDrawn?: () => void;
}

export function PdfPage({ bytes, label, isLoading = false, empty, tools, onDrawn }: PdfPageProps) {
  const { t } = useWords();
  const [pdf, setPdf] = useState<PDFDocumentProxy | undefined>(undefined);
  const [isBroken, setBroken] = useState(false);
  const [page, setPage] = useState(1);
  const [zoom, setZoom] = useState(1);
  const [box, setBox] = useState({ width: 0, height: 0 });
  const scroll = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const told = useRef(onDrawn);
  useEffect(() => {
    told.current = onDrawn;
  });

  useEffect(() => {
    setBroken(false);
    setPage(1);
    if (bytes === undefined) {
      setPdf(undefined);
      return;
    }
    // A copy: the worker takes the buffer away from whoever gave it.
    const task = getDocument({ data: bytes.slice(), useWasm: false, useSystemFonts: true, stopAtErrors: false });
    let isCurrent = true;
    task.promise.then(
      (opened) => isCurrent && setPdf(opened),
      () => isCurrent && setBroken(true),
    );
    return () => {
      isCurrent = false;
      void task.destroy();
      setPdf(undefined);
    };
  }, [bytes]);

  useEffect(() => {
    const element = scroll.current;
    if (element === null) return;
    // Why: neither bar may change the fit (the gutter is kept, the lower bar not counted), or page and bar would chase each other.
    const measure = () => {
      const [width, height] = [element.clientWidth - 24, element.offsetHeight - 24];
      setBox((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const target = canvas.current;
    if (pdf === undefined || target === null || box.width < 50) return;
    let cancel: () => void = () => undefined;
    let isCurrent = true;
    const draw = async () => {
      const sheet = await pdf.getPage(page);
      if (!isCurrent) return;
      const natural = sheet.getViewport({ scale: 1 });
      const fit = Math.min(box.width / natural.width, Math.max(box.height / natural.height, (box.width / natural.width) * 0.72));
      const pixels = window.devicePixelRatio * (target.currentCSSZoom ?? 1);
      const viewport = sheet.getViewport({ scale: fit * zoom * pixels });
      target.width = Math.floor(viewport.width);
      target.height = Math.floor(viewport.height);
      target.style.width = `${viewport.width / pixels}px`;
      target.style.height = `${viewport.height / pixels}px`;
      const task = sheet.render({ canvas: target, viewport });
      cancel = () => task.cancel();
      await task.promise;
      if (isCurrent) {
        target.dataset.drawn = 'yes';
        told.current?.();
      }
    };
    delete target.dataset.drawn;
    draw().catch(() => {
      // A drawing that was overtaken by the next one ends here too; only a page that cannot be drawn is told.
      if (isCurrent) setBroken(true);
    });
    return () => {
      isCurrent = false;
      cancel();
    };
  }, [pdf, page, zoom, box]);

  const isEmpty = bytes === undefined && !isLoading;
  return (
    <div className="page-view">
      <div className="page-tools">
        <span className="strong">{label}</span>
        {pdf !== undefined && pdf.numPages > 1 && (
          <span className="row">
            <Button size="small" disabled={page <= 1} onClick={() => setPage(page - 1)}>
              {t('page.previous')}
            </Button>
            <span>{t('page.of', { page, pages: pdf.numPages })}</span>
            <Button size="small" disabled={page >= pdf.numPages} onClick={() => setPage(page + 1)}>
              {t('page.next')}
            </Button>
          </span>
        )}
        <span className="row end">
          {tools}
          <Button
            size="small"
            icon={<MinusOutlined />}
            aria-label={t('page.smaller')}
            onClick={() => setZoom(Math.max(0.4, zoom / STEP))}
          />
          <Button size="small" onClick={() => setZoom(1)}>
            {t('page.fit')}
          </Button>
          <Button size="small" icon={<PlusOutlined />} aria-label={t('page.larger')} onClick={() => setZoom(Math.min(5, zoom * STEP))} />
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the page is scrolled by keyboard */}
      <section className="page-scroll" ref={scroll} tabIndex={0} aria-label={label} aria-busy={isLoading}>
        {isEmpty && empty}
        {isLoading && bytes === undefined && <EmptyState title={t('ui.loading')} />}
        {isBroken && <EmptyState title={t('page.broken')}>{t('page.brokenHint')}</EmptyState>}
        <canvas ref={canvas} hidden={pdf === undefined || isBroken} aria-label={label} data-testid="page" />
      </section>
    </div>
  );
}
