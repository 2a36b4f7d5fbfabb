// The end of intake: what will become of the rows, and the one button.
import { FieldTimeOutlined } from '@ant-design/icons';
import { Checkbox } from 'antd';
import { useState } from 'react';
import type { ImportView } from '../../../electron/contract/import.ts';
import type { Late } from '../../../electron/contract/licence.ts';
import type { RulePack } from '../../../electron/contract/office.ts';
import { useWords } from '../../station/language.tsx';
import { MainAction } from '../../ui/MainAction.tsx';
import { isLateComplete, LateReason } from './LateReason.tsx';

interface AcceptBarProps {
  readonly view: ImportView;
  readonly rules: RulePack | undefined;
  readonly isBusy: boolean;
  readonly onAccept: (late: Late | null, submit: boolean) => void;
}

export function AcceptBar({ view, rules, isBusy, onAccept }: AcceptBarProps) {
  const { t, count } = useWords();
  const [late, setLate] = useState<Late | null>(null);
  const [submit, setSubmit] = useState(true);
  const { good, normalised, faulty, duplicate, accepted } = view.counts;
  const ready = Math.max(0, good + normalised - accepted);
  const waiting = faulty + duplicate;
  if (view.state !== 'checked' && view.state !== 'accepted') return null;
  if (ready === 0)
    return (
      <section className="panel" style={{ flex: 'none' }}>
        <div className="panel-body" data-testid="accept-done">
          {accepted > 0 && t('accept.done', { count: count(accepted) })} {waiting > 0 && t('accept.waiting', { count: count(waiting) })}
          {accepted === 0 && waiting === 0 && t('accept.nothing')}
        </div>
      </section>
    );
  return (
    <section className="panel" style={{ flex: 'none' }} aria-label={t('accept.title')}>
      <div className="panel-body row">
        <div className="column" style={{ gap: 6, flex: '1 1 420px' }}>
          <div>
            <span className="strong">{t('accept.ready', { count: count(ready) })}</span>{' '}
            {waiting > 0 && <span className="quiet">{t('accept.waiting', { count: count(waiting) })}</span>}
          </div>
          {view.late > 0 && (
            <div className="row">
              <span className="state tone-warn">
                <FieldTimeOutlined aria-hidden="true" />
                {t('accept.late', { count: count(view.late) })}
              </span>
              <LateReason rules={rules} late={late} onLate={setLate} />
            </div>
          )}
        </div>
        <Checkbox checked={submit} onChange={(event) => setSubmit(event.target.checked)} data-testid="submit-too">
          {t('accept.submitToo')}
        </Checkbox>
        <MainAction
          testId="accept"
          isBusy={isBusy}
          isDisabled={view.late > 0 && !isLateComplete(late)}
          onClick={() => onAccept(late, submit)}
        >
          {t(submit ? 'accept.goSubmit' : 'accept.go', { count: count(ready) })}
        </MainAction>
      </div>
    </section>
  );
}
