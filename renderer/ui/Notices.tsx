// Results said aloud and shown for a moment; results that need a hand stay on their screen instead.
import { CheckCircleFilled } from '@ant-design/icons';
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';

const SHOWN_MS = 5_000;

interface Notice {
  readonly id: number;
  readonly text: string;
}

const NoticeContext = createContext<(text: string) => void>(() => undefined);

export function NoticeProvider({ children }: { readonly children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const lastId = useRef(0);
  const say = useCallback((text: string) => {
    lastId.current += 1;
    const id = lastId.current;
    setNotices((before) => [...before.slice(-1), { id, text }]);
    setTimeout(() => setNotices((before) => before.filter((notice) => notice.id !== id)), SHOWN_MS);
  }, []);
  return (
    <NoticeContext value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite" data-testid="notices">
        {notices.map((notice) => (
          <div className="toast" key={notice.id}>
            <CheckCircleFilled aria-hidden="true" />
            {notice.text}
          </div>
        ))}
      </div>
    </NoticeContext>
  );
}

export const useNotice = (): ((text: string) => void) => useContext(NoticeContext);
