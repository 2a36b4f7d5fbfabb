// The audit trail, and whether its chain is whole.
import { CheckCircleOutlined, ExclamationCircleFilled } from '@ant-design/icons';
import { Button } from 'antd';
import { useCallback, useState } from 'react';
import type { AuditRow } from '../../../electron/contract/work.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import type { CallOutput } from '../../station/use-call.ts';
import { usePages } from '../../station/use-pages.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { localSeconds } from '../../ui/local-time.ts';
import { Problem } from '../../ui/Problem.tsx';
import { VirtualGrid } from '../../ui/VirtualGrid.tsx';
import { WhoCan } from '../../ui/WhoCan.tsx';

export function AuditTrail() {
  const { t, maybe, count } = useWords();
  const client = useClient();
  const { may } = useDesk();
  const act = useAct();
  const [whole, setWhole] = useState<CallOutput<'system', 'verifyAudit'> | undefined>(undefined);
  const [current, setCurrent] = useState<number | undefined>(undefined);
  const fetchRows = useCallback((offset: number, limit: number) => client.system.audit({ offset, limit }), [client]);
  const canRead = may('system', 'audit');
  const pages = usePages<AuditRow>('system', canRead ? 'audit' : null, fetchRows);
  if (!canRead) return <WhoCan group="system" name="audit" what={t('system.readAudit')} />;
  const verify = () => act.run(async () => setWhole(await client.system.verifyAudit({})));
  return (
    <>
      <div className="row" style={{ flex: 'none' }} role="status" aria-live="polite">
        <Button loading={act.isBusy} onClick={verify} data-testid="verify-audit">
          {t('system.verifyAudit')}
        </Button>
        {whole !== undefined && (
          <span className={`state ${whole.whole ? 'tone-good' : 'tone-warn'}`} data-testid="audit-verdict">
            {whole.whole ? <CheckCircleOutlined aria-hidden="true" /> : <ExclamationCircleFilled aria-hidden="true" />}
            {whole.whole
              ? t('system.auditWhole', { count: count(whole.entries) })
              : t('system.auditBroken', { seq: whole.brokenAt ?? '—' })}
          </span>
        )}
      </div>
      <Problem error={act.problem ?? pages.problem} onClose={act.clear} />
      <VirtualGrid
        label={t('system.part.audit')}
        testId="audit"
        total={pages.total}
        rowAt={pages.rowAt}
        rowKey={(row) => String(row.seq)}
        onRange={pages.onRange}
        current={current}
        onCurrent={setCurrent}
        columns={[
          { key: 'seq', title: t('system.seq'), width: '80px', align: 'right', render: ({ seq }) => seq },
          { key: 'at', title: t('system.at'), width: '170px', render: ({ at }) => localSeconds(at) },
          { key: 'person', title: t('system.person'), width: 'minmax(90px, 1fr)', render: ({ person }) => person ?? t('system.byItself') },
          { key: 'kind', title: t('system.what'), width: 'minmax(150px, 1.4fr)', render: ({ kind }) => maybe(`audit.${kind}`) ?? kind },
          {
            key: 'subject',
            title: t('system.subject'),
            width: 'minmax(180px, 2fr)',
            render: ({ subject }) => (
              <span className="mono" title={subject}>
                {subject}
              </span>
            ),
          },
          {
            key: 'hash',
            title: t('system.hash'),
            width: '150px',
            render: ({ hash }) => (
              <span className="code-small" title={hash}>
                {hash.slice(0, 14)}…
              </span>
            ),
          },
        ]}
        empty={<EmptyState title={pages.hasCome ? t('system.noAudit') : t('ui.loading')} />}
        foot={pages.total > 0 ? t('rows.foot', { count: count(pages.total) }) : undefined}
      />
    </>
  );
}
