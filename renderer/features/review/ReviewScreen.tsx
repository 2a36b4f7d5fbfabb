// Review: the queue, the page as it will be, the data with what was changed; approve or return, and the next comes by itself.
import { CheckOutlined, RollbackOutlined } from '@ant-design/icons';
import { Button, Checkbox, Select } from 'antd';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { LicenceRow } from '../../../electron/contract/licence.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { useWords } from '../../station/language.tsx';
import { useClient, useKept } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import { useCall } from '../../station/use-call.ts';
import { useCatalogue } from '../../station/use-catalogue.ts';
import { useLicenceFile } from '../../station/use-licence-file.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { MainAction } from '../../ui/MainAction.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { PdfPage } from '../../ui/PdfPage.tsx';
import { Problem } from '../../ui/Problem.tsx';
import { ReasonDialogue } from '../../ui/ReasonDialogue.tsx';
import { Panel, Screen } from '../../ui/Screen.tsx';
import { Scroll } from '../../ui/Scroll.tsx';
import { VirtualGrid } from '../../ui/VirtualGrid.tsx';
import { WhoCan } from '../../ui/WhoCan.tsx';
import { LicenceData } from '../licences/LicenceData.tsx';
import { ApproveBatch } from './ApproveBatch.tsx';

const none: readonly LicenceRow[] = [];
const ALL = '';

export function ReviewScreen() {
  const { t, count } = useWords();
  const client = useClient();
  const { may } = useDesk();
  const say = useNotice();
  const act = useAct();
  const catalogue = useCatalogue();
  const { wish } = useNavigation();
  const canSee = may('review', 'queue');
  const canDecide = may('review', 'approve');
  const [typeId, setTypeId] = useKept<string | null>('review.type', null);
  const [currentId, setCurrentId] = useKept<string | undefined>('review.current', undefined);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isReturning, setReturning] = useState(false);
  const [isBatch, setBatch] = useState(false);
  const queue = useCall('review', 'queue', canSee ? { typeId } : null);
  const rows = queue.data?.rows ?? none;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a wish is taken once
  useEffect(() => {
    if (wish.licenceId !== undefined) setCurrentId(wish.licenceId);
  }, [wish]);

  const index = Math.max(
    0,
    rows.findIndex(({ id }) => id === currentId),
  );
  const row = rows[index];
  const view = useCall('licences', 'view', row === undefined ? null : { id: row.id });
  const file = useLicenceFile(row?.id, row?.revision ?? 0);
  const detail = view.data?.row.id === row?.id ? view.data : undefined;

  const shown = useCallback(() => {
    if (!canDecide || detail === undefined || detail.approvedHash === null || file.licenceId !== detail.row.id) return;
    client.review
      .shown({ id: detail.row.id, approvedHash: detail.approvedHash })
      .catch((thrown: unknown) => void act.run(() => Promise.reject(thrown)));
  }, [canDecide, detail, file.licenceId, client, act.run]);
  const [drawnId, setDrawnId] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (drawnId !== undefined && drawnId === detail?.row.id) shown();
  }, [drawnId, detail, shown]);

  const goOn = () => setCurrentId(rows[index + 1]?.id ?? rows[index - 1]?.id);
  const approve = () =>
    act.run(async () => {
      if (detail === undefined || detail.approvedHash === null) return;
      const { outcomes } = await client.review.approve({ items: [{ id: detail.row.id, approvedHash: detail.approvedHash }], count: 1 });
      const [outcome] = outcomes;
      if (outcome !== undefined && !outcome.ok) return say(t('review.notApproved', { number: detail.row.number ?? '' }));
      say(t('review.approved', { number: detail.row.number ?? '' }));
      goOn();
      queue.refetch();
    });
  const giveBack = (reason: string) =>
    act.run(async () => {
      if (detail === undefined) return;
      await client.review.return({ id: detail.row.id, reason });
      say(t('review.returned', { number: detail.row.number ?? '' }));
      setReturning(false);
      goOn();
      queue.refetch();
    });

  const toggle = useCallback((id: string) => {
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const chosenRows = useMemo(() => rows.filter(({ id }) => chosen.has(id)), [rows, chosen]);
  const canApprove = detail?.actions.includes('approve') ?? false;
  const canReturn = detail?.actions.includes('return') ?? false;

  if (!canSee)
    return (
      <Screen title={t('tab.review')} testId="screen-review">
        <Panel>
          <div className="panel-body">
            <WhoCan group="review" name="queue" what={t('review.what')} />
          </div>
        </Panel>
      </Screen>
    );
  return (
    <Screen
      title={t('tab.review')}
      note={t('review.waiting', { count: count(queue.data?.total ?? 0) })}
      isFixed
      testId="screen-review"
      actions={
        <>
          <Select
            aria-label={t('licence.type')}
            style={{ width: 200 }}
            value={typeId ?? ALL}
            options={[
              { value: ALL, label: t('review.allTypes') },
              ...catalogue.types.map((type) => ({ value: type.id, label: catalogue.typeName(type.id) })),
            ]}
            onChange={(value) => setTypeId(value === ALL ? null : value)}
          />
          {canDecide && (
            <>
              <Button
                disabled={rows.length === 0}
                onClick={() => setChosen(chosenRows.length === rows.length ? new Set() : new Set(rows.map(({ id }) => id)))}
                data-testid="choose-all"
              >
                {chosenRows.length > 0 && chosenRows.length === rows.length ? t('review.chooseNone') : t('review.chooseAll')}
              </Button>
              <Button disabled={chosenRows.length === 0} onClick={() => setBatch(true)} data-testid="approve-batch">
                {t('review.approveBatch', { count: count(chosenRows.length) })}
              </Button>
            </>
          )}
        </>
      }
    >
      <Problem error={queue.problem ?? act.problem} onClose={act.clear} />
      {row === undefined ? (
        <div className="grid grow">
          <EmptyState title={queue.data === undefined ? t('ui.loading') : t('review.empty')}>{t('review.emptyHint')}</EmptyState>
        </div>
      ) : (
        <div className="review">
          <VirtualGrid
            label={t('review.queue')}
            testId="review-queue"
            hideHead
            rowHeight={58}
            total={rows.length}
            rowAt={(at) => rows[at]}
            rowKey={({ id }) => id}
            current={index}
            onCurrent={(at) => setCurrentId(rows[at]?.id)}
            onChoose={(at) => canDecide && rows[at] !== undefined && toggle(rows[at].id)}
            empty={null}
            columns={[
              {
                key: 'row',
                title: '',
                width: '1fr',
                render: (each) => (
                  <div className="row" style={{ flexWrap: 'nowrap' }}>
                    {canDecide && (
                      <Checkbox
                        checked={chosen.has(each.id)}
                        onChange={() => toggle(each.id)}
                        onClick={(event) => event.stopPropagation()}
                        aria-label={t('review.choose', { name: each.holderName })}
                      />
                    )}
                    <div style={{ minWidth: 0 }}>
                      <div className="strong clip">{each.holderName}</div>
                      <div className="small quiet clip">
                        {each.conclusionDay} · {catalogue.typeName(each.typeId)}
                      </div>
                    </div>
                  </div>
                ),
              },
            ]}
            foot={(queue.data?.more ?? false) && t('review.more', { shown: count(rows.length), total: count(queue.data?.total ?? 0) })}
          />
          <Panel>
            <PdfPage
              bytes={file.bytes}
              isLoading={file.isLoading}
              label={t('review.page')}
              onDrawn={() => setDrawnId(file.licenceId)}
              empty={file.problem === undefined ? undefined : <Problem error={file.problem} />}
            />
          </Panel>
          <div className="panel" style={{ display: 'flex', flexDirection: 'column', minHeight: 0 }}>
            <Scroll label={t('review.data')} className="grow panel-body">
              <Problem error={view.problem} />
              {detail !== undefined && <LicenceData detail={detail} catalogue={catalogue} />}
            </Scroll>
            {canDecide && (
              <div className="decision">
                <MainAction
                  testId="approve"
                  icon={<CheckOutlined />}
                  isBusy={act.isBusy}
                  isDisabled={!canApprove || drawnId !== row.id}
                  onClick={approve}
                >
                  {t('review.approve')}
                </MainAction>
                <Button
                  icon={<RollbackOutlined />}
                  disabled={!canReturn || act.isBusy}
                  onClick={() => setReturning(true)}
                  data-testid="return"
                >
                  {t('review.return')}
                </Button>
              </div>
            )}
            {canDecide && detail !== undefined && !canApprove && <p className="panel-body quiet small">{t('review.notYours')}</p>}
          </div>
        </div>
      )}
      <ReasonDialogue
        title={t('review.returnTitle', { name: row?.holderName ?? '' })}
        isOpen={isReturning}
        onClose={() => setReturning(false)}
        action={t('review.return')}
        isBusy={act.isBusy}
        problem={act.problem}
        onReason={giveBack}
        testId="return"
        usual={[t('review.usual.data'), t('review.usual.papers'), t('review.usual.holder')]}
        explanation={<p>{t('review.returnHint')}</p>}
      />
      {isBatch && (
        <ApproveBatch
          rows={chosenRows}
          onClose={() => setBatch(false)}
          onShow={(id) => {
            setBatch(false);
            setCurrentId(id);
          }}
          onApproved={() => {
            setChosen(new Set());
            queue.refetch();
          }}
        />
      )}
    </Screen>
  );
}
