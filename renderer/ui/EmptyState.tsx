// An empty place says what belongs here and how it gets here.
import { InboxOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';

export function EmptyState({
  title,
  children,
  icon,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly icon?: ReactNode;
}) {
  return (
    <div className="empty">
      <span className="icon" aria-hidden="true">
        {icon ?? <InboxOutlined />}
      </span>
      <span className="title">{title}</span>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}
