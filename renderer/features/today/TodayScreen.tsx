// Today: the day as a river, what must be done today, whether we can issue, and the last 14 days.
import { CheckCircleOutlined } from '@ant-design/icons';
import { useState } from 'react';
import type { TodayView } from '../../../electron/contract/work.ts';
import { type ScreenName, useNavigation, type Wish } from '../../app/navigation.tsx';
import { useWords } from '../../station/language.tsx';
import { useDesk } from '../../station/session.tsx';
import { useCall } from '../../station/use-call.ts';
import { type Catalogue, useCatalogue } from '../../station/use-catalogue.ts';
import { DayAxis } from '../../ui/DayAxis.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { dayWithWeekday } from '../../ui/local-time.ts';
import { Problem } from '../../ui/Problem.tsx';
import { Panel, Screen } from '../../ui/Screen.tsx';
import { Scroll } from '../../ui/Scroll.tsx';
import { type Column, VirtualGrid } from '../../ui/VirtualGrid.tsx';
import { Checks } from './Checks.tsx';

type MustDo = TodayView['mustDo'][number];

const river: readonly { readonly key: keyof TodayView['river']; readonly screen: ScreenName; readonly wish: Wish }[] = [
  { key: 'concluded', screen: 'licences', wish: {} },
  { key: 'toReview', screen: 'review', wish: {} },
  { key: 'toSeal', screen: 'sealing', wish: {} },
  { key: 'issued', screen: 'licences', wish: { states: ['issued'] } },
  { key: 'delivered', screen: 'licences', wish: { delivery: 'delivered' } },
];

const placeOf: Readonly<Record<MustDo['stop'], ScreenName>> = {
  toSubmit: 'licences',
  toMend: 'licences',
  toReview: 'review',
  toSeal: 'sealing',
  sealing: 'sealing',
  toHandOver: 'licences',
};

export function TodayScreen() {
  const { t, count, language } = useWords();
  const { session } = useDesk();
  const { go } = useNavigation();
  const catalogue = useCatalogue();
  const { data, problem } = useCall('today', 'overview', {});
  return (
    <Screen title={t('tab.today')} note={dayWithWeekday(session.today, language)} isFixed testId="screen-today">
      <Problem error={problem} />
      {data !== undefined && (
        <>
          <div className="river">
            {river.map(({ key, screen, wish }) => (
              <button type="button" key={key} className="river-step" onClick={() => go(screen, wish)} data-testid={`river-${key}`}>
                <span className={`river-number ${data.river[key] === 0 ? 'zero' : ''}`}>{count(data.river[key])}</span>
                {t(`river.${key}`)}
              </button>
            ))}
          </div>
          <div className="two">
            <MustDoList data={data} catalogue={catalogue} />
            <Scroll label={t('today.canWeIssue')} className="column">
              <Panel title={t('today.canWeIssue')}>
                <Checks checks={data.checks} />
              </Panel>
              <Panel title={t('today.lastDays')}>
                <Days days={data.days} />
              </Panel>
            </Scroll>
          </div>
        </>
      )}
    </Screen>
  );
}

function MustDoList({ data, catalogue }: { readonly data: TodayView; readonly catalogue: Catalogue }) {
  const { t, count } = useWords();
  const { may, session } = useDesk();
  const { go } = useNavigation();
  const [current, setCurrent] = useState<number | undefined>(undefined);
  const open = (item: MustDo | undefined) => {
    if (item === undefined) return;
    const place = placeOf[item.stop];
    const canGo = place === 'licences' ? may('licences', 'view') : place === 'review' ? may('review', 'queue') : may('sealing', 'batches');
    if (canGo) go(place, { licenceId: item.row.id });
  };
  const columns: readonly Column<MustDo>[] = [
    {
      key: 'day',
      title: t('licence.conclusionDay'),
      width: '120px',
      render: ({ row }) => (
        <span className={row.conclusionDay < session.today ? 'tone-warn' : ''}>
          {row.conclusionDay === session.today ? t('frame.today') : row.conclusionDay}
        </span>
      ),
    },
    {
      key: 'holder',
      title: t('licence.holder'),
      width: 'minmax(110px, 1.5fr)',
      render: ({ row }) => <span title={row.holderName}>{row.holderName}</span>,
    },
    { key: 'type', title: t('licence.type'), width: 'minmax(120px, 1.3fr)', render: ({ row }) => catalogue.typeName(row.typeId) },
    { key: 'stop', title: t('today.stop'), width: 'minmax(168px, 1fr)', render: ({ stop }) => t(`stop.${stop}`) },
    { key: 'matter', title: t('licence.matter'), width: '150px', render: ({ row }) => <span className="mono">{row.matterNumber}</span> },
  ];
  return (
    <section className="column" aria-label={t('today.mustDo')}>
      <div className="row" style={{ minHeight: 24 }}>
        <h2>{t('today.mustDo')}</h2>
        <span className="quiet" data-testid="must-do-total">
          {t('today.mustDoTotal', { count: count(data.mustDoTotal) })}
        </span>
      </div>
      <VirtualGrid
        label={t('today.mustDo')}
        testId="must-do"
        columns={columns}
        total={data.mustDo.length}
        rowAt={(index) => data.mustDo[index]}
        rowKey={({ row, stop }) => `${row.id}${stop}`}
        current={current}
        onCurrent={setCurrent}
        onOpen={(index) => open(data.mustDo[index])}
        empty={
          <EmptyState icon={<CheckCircleOutlined />} title={t('today.nothing')}>
            {t('today.nothingHint')}
          </EmptyState>
        }
        foot={
          data.mustDoTotal > data.mustDo.length
            ? t('today.shownOf', { shown: data.mustDo.length, total: count(data.mustDoTotal) })
            : undefined
        }
      />
    </section>
  );
}

function Days({ days }: { readonly days: TodayView['days'] }) {
  const { t } = useWords();
  const most = Math.max(1, ...days.map(({ concluded, issuedSameDay, issuedLate }) => Math.max(concluded, issuedSameDay + issuedLate)));
  const says = days.map((day) =>
    t('today.daySays', { day: day.day, concluded: day.concluded, sameDay: day.issuedSameDay, late: day.issuedLate }),
  );
  return (
    <>
      <div className="bars" role="img" aria-label={says.join('; ')}>
        {days.map((day, index) => {
          const open = Math.max(0, day.concluded - day.issuedSameDay - day.issuedLate);
          return (
            <div className="bar" key={day.day} title={says[index]}>
              <i className="b1" style={{ height: `${(open / most) * 100}%` }} />
              <i className="b3" style={{ height: `${(day.issuedLate / most) * 100}%` }} />
              <i className="b2" style={{ height: `${(day.issuedSameDay / most) * 100}%` }} />
            </div>
          );
        })}
      </div>
      <DayAxis
        days={days}
        legend={[
          { bar: 'b2', text: t('today.sameDay') },
          { bar: 'b3', text: t('today.late') },
          { bar: 'b1', text: t('today.open') },
        ]}
      />
    </>
  );
}
