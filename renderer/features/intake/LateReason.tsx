// Why a matter was not issued on the day it was concluded: a reason of the rule pack, and a note (R01).
import { Input, Select } from 'antd';
import type { Late } from '../../../electron/contract/licence.ts';
import type { RulePack } from '../../../electron/contract/office.ts';
import { useWords } from '../../station/language.tsx';

const NEEDS_NOTE = 'other';

interface LateReasonProps {
  readonly rules: RulePack | undefined;
  readonly late: Late | null;
  readonly onLate: (late: Late | null) => void;
}

export function LateReason({ rules, late, onLate }: LateReasonProps) {
  const { t, name } = useWords();
  return (
    <div className="row">
      <Select
        style={{ width: 300 }}
        placeholder={t('late.choose')}
        aria-label={t('late.reason')}
        value={late?.code ?? null}
        options={(rules?.lateReasons ?? []).map(({ code, zh, en }) => ({ value: code, label: name(zh, en) }))}
        onChange={(code) => onLate(code === null ? null : { code, note: late?.note ?? '' })}
        data-testid="late-reason"
      />
      <Input
        style={{ width: 260 }}
        maxLength={200}
        placeholder={t(late?.code === NEEDS_NOTE ? 'late.noteNeeded' : 'late.note')}
        aria-label={t('late.note')}
        value={late?.note ?? ''}
        disabled={late === null}
        onChange={(event) => late !== null && onLate({ ...late, note: event.target.value })}
        data-testid="late-note"
      />
    </div>
  );
}

export const isLateComplete = (late: Late | null): boolean => late !== null && (late.code !== NEEDS_NOTE || late.note.trim() !== '');
