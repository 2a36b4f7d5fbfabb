// A dialogue with at most one main action; says before it what cannot be undone.
import { Button, Modal } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../station/language.tsx';
import { MainAction } from './MainAction.tsx';

interface DialogueProps {
  readonly title: ReactNode;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly width?: number;
  readonly main?: {
    readonly label: string;
    readonly onClick: () => void;
    readonly isBusy?: boolean;
    readonly isDisabled?: boolean;
    readonly testId: string;
  };
  readonly children: ReactNode;
}

export function Dialogue({ title, isOpen, onClose, width = 560, main, children }: DialogueProps) {
  const { t } = useWords();
  return (
    <Modal
      title={title}
      open={isOpen}
      onCancel={onClose}
      width={width}
      destroyOnHidden
      transitionName=""
      maskTransitionName=""
      mask={{ closable: false }}
      styles={{ body: { maxHeight: '70vh', overflow: 'auto', paddingTop: 4 } }}
      footer={
        <>
          <Button onClick={onClose}>{main === undefined ? t('ui.close') : t('ui.cancel')}</Button>
          {main !== undefined && (
            <MainAction testId={main.testId} onClick={main.onClick} isBusy={main.isBusy ?? false} isDisabled={main.isDisabled ?? false}>
              {main.label}
            </MainAction>
          )}
        </>
      }
    >
      {children}
    </Modal>
  );
}
