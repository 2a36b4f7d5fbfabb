// Sync: the line, what needs a person first, everything under way, receipts, and the queue by day. Offline is no error.
import { PauseOutlined, PlayCircleOutlined, SendOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useCallback, useState } from 'react';
import type { OutboxRow } from '../../../electron/contract/work.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { describeCode } from '../../station/describe-error.ts';
import { useWords } from '../../station/language.tsx';
import { useClient, useKept } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import { useCall } from '../../station/use-call.ts';
import { usePages } from '../../station/use-pages.ts';
import { type Chip, Chips } from '../../ui/Chips.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { localTime } from '../../ui/local-time.ts';
import { MainAction } from '../../ui/MainAction.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem } from '../../ui/Problem.tsx';
import { ReasonDialogue } from '../../ui/ReasonDialogue.tsx';
import { Screen } from '../../ui/Screen.tsx';
import { StateTag } from '../../ui/StateTag.tsx';
import { type Column, VirtualGrid } from '../../ui/VirtualGrid.tsx';
import { WhoCan } from '../../ui/WhoCan.tsx';
import { LinePanel } from './LinePanel.tsx';
import { Receipt } from './Receipt.tsx';

type Which = 'needsPerson' | 'undelivered' | 'delivered' | 'all';

export function SyncScreen() {
  const words = useWords();
  const { t, count, maybe } = words;
  const client = useClient();
  const { may } = useDesk();
  const { go } = useNavigation();
  const say = useNotice();
  const act = useAct();
  const { data, problem, refetch } = useCall('delivery', 'state', {});
  const [kept, setWhich] = useKept<Which | undefined>('sync.which', undefined);
  const [text, setText] = useState('');
  const [current, setCurrent] = useState<number | undefined>(undefined);
  const [closing, setClosing] = useState<OutboxRow | undefined>(undefined);
  const counts = data?.counts;
  const needsPerson = counts === undefined ? 0 : counts.refused + counts.quarantined;
  const which: Which = kept ?? (needsPerson > 0 ? 'needsPerson' : 'undelivered');
  const fetchItems = useCallback(
    async (offset: number, limit: number) => {
      const { items, total } = await client.delivery.items({ which, text, offset, limit });
      return { rows: items, total };
    },
    [client, which, text],
  );
  const pages = usePages<OutboxRow>('delivery', data === undefined ? null : `${which}|${text}`, fetchItems);

  const change = (work: () => Promise<unknown>, done?: string) =>
    act.run(async () => {
      await work();
      if (done !== undefined) say(done);
      refetch();
      pages.refetch();
    });

  const chips: readonly Chip<Which>[] = [
    { key: 'needsPerson', label: t('sync.needsPerson'), count: needsPerson },
    { key: 'undelivered', label: t('sync.undelivered'), count: (counts?.queued ?? 0) + (counts?.sending ?? 0) + needsPerson },
    { key: 'delivered', label: t('sync.delivered'), count: counts?.acknowledged ?? 0 },
    { key: 'all', label: t('sync.all') },
  ];
  const canSettle = may('delivery', 'retry');
  const columns: readonly Column<OutboxRow>[] = [
    {
      key: 'state',
      title: t('sync.state'),
      width: words.language === 'zh' ? '170px' : '212px',
      render: (row) => <StateTag state={row.state} />,
    },
    ...(canSettle && which !== 'undelivered' && which !== 'delivered'
      ? [
          {
            key: 'do',
            title: '',
            width: words.language === 'zh' ? '140px' : '180px',
            render: (row: OutboxRow) =>
              (row.state === 'refused' || row.state === 'quarantined') && (
                <span className="row" style={{ flexWrap: 'nowrap', gap: 6 }}>
                  <Button
                    size="small"
                    disabled={act.isBusy}
                    onClick={() => void change(() => client.delivery.retry({ id: row.id }), t('sync.retried'))}
                    data-testid="retry"
                  >
                    {t('sync.retry')}
                  </Button>
                  <Button size="small" disabled={act.isBusy} onClick={() => setClosing(row)} data-testid="close-item">
                    {t('sync.close')}
                  </Button>
                </span>
              ),
          },
        ]
      : []),
    { key: 'kind', title: t('sync.kind'), width: '94px', render: (row) => maybe(`outbox.${row.kind}`) ?? row.kind },
    {
      key: 'number',
      title: t('licence.number'),
      width: 'minmax(272px, 1.2fr)',
      render: (row) => <span className="mono">{row.number}</span>,
    },
    {
      key: 'holder',
      title: t('licence.holder'),
      width: 'minmax(100px, 1fr)',
      render: (row) => <span title={row.holderName}>{row.holderName}</span>,
    },
    {
      key: 'why',
      title: t('sync.why'),
      width: 'minmax(140px, 1.8fr)',
      render: (row) => {
        const refusal = words.name(row.refusalZh ?? row.refusal ?? '', row.refusal ?? row.refusalZh ?? '');
        if (row.receiptId !== null) return <Receipt id={row.id} receiptId={row.receiptId} />;
        const reason =
          refusal !== '' ? refusal : row.problem === null || row.state === 'queued' ? '' : describeCode(row.problem, {}, words).title;
        return <span title={reason}>{reason}</span>;
      },
    },
    { key: 'created', title: t('sync.created'), width: '140px', render: (row) => localTime(row.createdAt) },
    { key: 'attempts', title: t('sync.attemptsHead'), width: '72px', align: 'right', render: (row) => count(row.attempts) },
  ];

  return (
    <Screen
      title={t('tab.sync')}
      note={t('sync.note')}
      isFixed
      testId="screen-sync"
      actions={
        <>
          {may('delivery', 'pause') && data !== undefined && (
            <Button
              icon={data.paused ? <PlayCircleOutlined /> : <PauseOutlined />}
              onClick={() => void change(() => client.delivery.pause({ paused: !data.paused }))}
              data-testid="sync-pause"
            >
              {t(data.paused ? 'sync.resume' : 'sync.pause')}
            </Button>
          )}
          {may('delivery', 'sendNow') && (
            <MainAction
              testId="send-now"
              icon={<SendOutlined />}
              isBusy={act.isBusy}
              isDisabled={data?.paused ?? true}
              onClick={() => void change(() => client.delivery.sendNow({}), t('sync.sending'))}
            >
              {t('sync.sendNow')}
            </MainAction>
          )}
        </>
      }
    >
      <Problem error={problem ?? act.problem} onClose={act.clear} />
      {data !== undefined && <LinePanel delivery={data} />}
      <div className="row" style={{ flex: 'none' }}>
        <Chips label={t('sync.filter')} chips={chips} chosen={[which]} onToggle={(key) => setWhich(key)} testId="sync" />
        <Input.Search allowClear style={{ width: 240 }} placeholder={t('sync.find')} aria-label={t('sync.find')} onSearch={setText} />
        {needsPerson > 0 && <WhoCan group="delivery" name="retry" what={t('sync.settle')} />}
      </div>
      <VirtualGrid
        label={t('sync.items')}
        testId="outbox"
        columns={columns}
        total={pages.total}
        rowAt={pages.rowAt}
        rowKey={(row) => row.id}
        onRange={pages.onRange}
        current={current}
        onCurrent={setCurrent}
        onOpen={(index) => {
          const row = pages.rowAt(index);
          if (row !== undefined && may('licences', 'view')) go('licences', { licenceId: row.licenceId });
        }}
        empty={
          <EmptyState title={pages.hasCome ? t(`sync.empty.${which}`) : t('ui.loading')}>
            {pages.hasCome ? t('sync.emptyHint') : undefined}
          </EmptyState>
        }
      />
      <ReasonDialogue
        title={t('sync.closeTitle', { number: closing?.number ?? '' })}
        isOpen={closing !== undefined}
        onClose={() => setClosing(undefined)}
        action={t('sync.close')}
        isBusy={act.isBusy}
        problem={act.problem}
        testId="close-item"
        explanation={<p>{t('sync.closeSays')}</p>}
        onReason={(reason) =>
          void change(async () => {
            if (closing !== undefined) await client.delivery.close({ id: closing.id, reason });
            setClosing(undefined);
          }, t('sync.closed'))
        }
      />
    </Screen>
  );
}
