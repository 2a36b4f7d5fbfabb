// Asks for a reason in words before something that is recorded with it.
import { Input } from 'antd';
import { type ReactNode, useState } from 'react';
import type { StationError } from '../../electron/contract/station-error.ts';
import { useWords } from '../station/language.tsx';
import { Dialogue } from './Dialogue.tsx';
import { Problem } from './Problem.tsx';

interface ReasonDialogueProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly explanation?: ReactNode;
  readonly action: string;
  readonly isBusy: boolean;
  readonly problem: StationError | undefined;
  readonly onReason: (reason: string) => void;
  readonly testId: string;
  /** Ready sentences to start from. */
  readonly usual?: readonly string[];
}

export function ReasonDialogue({
  title,
  isOpen,
  onClose,
  explanation,
  action,
  isBusy,
  problem,
  onReason,
  testId,
  usual = [],
}: ReasonDialogueProps) {
  const { t } = useWords();
  const [reason, setReason] = useState('');
  const length = [...reason.trim()].length;
  return (
    <Dialogue
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      main={{
        label: action,
        onClick: () => onReason(reason.trim()),
        isBusy,
        isDisabled: length < 2 || length > 200,
        testId: `${testId}-confirm`,
      }}
    >
      <div className="column">
        {explanation}
        {usual.length > 0 && (
          <div className="chips">
            {usual.map((sentence) => (
              <button type="button" className="chip" key={sentence} onClick={() => setReason(sentence)}>
                {sentence}
              </button>
            ))}
          </div>
        )}
        <Input.TextArea
          rows={3}
          maxLength={200}
          showCount
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          placeholder={t('ui.reasonPlaceholder')}
          aria-label={t('ui.reason')}
          data-testid={`${testId}-reason`}
          autoFocus
        />
        <Problem error={problem} />
      </div>
    </Dialogue>
  );
}
