// The head of a screen: its name, a line, and its actions; below it the work.
import type { ReactNode } from 'react';

interface ScreenProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** The parts scroll by themselves instead of the whole. */
  readonly isFixed?: boolean;
  readonly testId: string;
  readonly children: ReactNode;
}

export function Screen({ title, note, actions, isFixed = false, testId, children }: ScreenProps) {
  return (
    <section className="screen" aria-label={title} data-testid={testId}>
      <header className="screen-head">
        <h1>{title}</h1>
        {note !== undefined && <span className="screen-note">{note}</span>}
        {actions !== undefined && <div className="screen-actions">{actions}</div>}
      </header>
      <div className={`screen-body ${isFixed ? 'fixed' : ''}`} {...(isFixed ? {} : { tabIndex: 0 })}>
        {children}
      </div>
    </section>
  );
}

export function Panel({
  title,
  end,
  className = '',
  children,
}: {
  readonly title?: ReactNode;
  readonly end?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={`panel ${className}`}>
      {title !== undefined && (
        <div className="panel-head">
          <h2>{title}</h2>
          {end !== undefined && <div className="end">{end}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
