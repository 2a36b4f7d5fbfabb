// A message in its four parts, with its code in small print and a copy button.
import { CloseOutlined, CopyOutlined, ExclamationCircleFilled } from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { StationError } from '../../electron/contract/station-error.ts';
import { type Description, describeError, type Labels } from '../station/describe-error.ts';
import { useWords } from '../station/language.tsx';

interface ProblemProps {
  readonly error: StationError | undefined;
  readonly labels?: Labels;
  readonly onClose?: () => void;
  /** A way out right here, e.g. ask again. */
  readonly children?: ReactNode;
}

export function Problem({ error, labels, onClose, children }: ProblemProps) {
  const words = useWords();
  if (error === undefined) return null;
  return (
    <ProblemText description={describeError(error, words, labels)} {...(onClose === undefined ? {} : { onClose })}>
      {children}
    </ProblemText>
  );
}

export function ProblemText({
  description,
  onClose,
  children,
}: {
  readonly description: Description;
  readonly onClose?: () => void;
  readonly children?: ReactNode;
}) {
  const { t } = useWords();
  const { title, detail, action, who, code } = description;
  const copy = () =>
    void navigator.clipboard.writeText([title, detail, action, who, code].filter(Boolean).join('\n')).catch(() => undefined);
  return (
    <div className="problem" role="alert" data-testid="problem" data-code={code.split(' ')[0]}>
      <ExclamationCircleFilled aria-hidden="true" />
      <div className="parts">
        <div className="title">{title}</div>
        <div>{detail}</div>
        <div>{action}</div>
        {who !== '' && <div>{who}</div>}
        <div className="small-print">
          <code>{code}</code>
          <button type="button" className="link" onClick={copy}>
            <CopyOutlined aria-hidden="true" /> {t('ui.copy')}
          </button>
          {children}
        </div>
      </div>
      {onClose !== undefined && (
        <button type="button" className="foot-button" aria-label={t('ui.close')} onClick={onClose}>
          <CloseOutlined />
        </button>
      )}
    </div>
  );
}
