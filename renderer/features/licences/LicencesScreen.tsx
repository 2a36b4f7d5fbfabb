// Licences: one search field over everything, instant; a licence opens with its page, its two lives and what can be done.
import { SearchOutlined } from '@ant-design/icons';
import { Input, type InputRef, Select } from 'antd';
import { useCallback, useDeferredValue, useEffect, useRef } from 'react';
import type { DeliveryState, LicenceRow, LicenceState } from '../../../electron/contract/licence.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { useWords } from '../../station/language.tsx';
import { useClient, useKept } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useCatalogue } from '../../station/use-catalogue.ts';
import { usePages } from '../../station/use-pages.ts';
import { Chips } from '../../ui/Chips.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { localTime } from '../../ui/local-time.ts';
import { Problem } from '../../ui/Problem.tsx';
import { Screen } from '../../ui/Screen.tsx';
import { licenceState, StateTag } from '../../ui/StateTag.tsx';
import { type Column, VirtualGrid } from '../../ui/VirtualGrid.tsx';
import { LicenceDesk } from './LicenceDesk.tsx';
import { SubmitChosen } from './SubmitChosen.tsx';

const states: readonly LicenceState[] = ['draft', 'submitted', 'approved', 'sealing', 'issued', 'voided'];
type More = 'undelivered' | 'needsPerson' | 'delivered' | 'notHandedOver' | 'mine';
const deliveryOf: Readonly<Record<'undelivered' | 'needsPerson' | 'delivered', readonly DeliveryState[]>> = {
  undelivered: ['queued', 'sending', 'refused', 'quarantined'],
  needsPerson: ['refused', 'quarantined'],
  delivered: ['acknowledged'],
};

interface Choice {
  readonly text: string;
  readonly states: readonly LicenceState[];
  readonly more: readonly More[];
  readonly typeIds: readonly string[];
}
const everything: Choice = { text: '', states: [], more: [], typeIds: [] };

export function LicencesScreen() {
  const { t, count, language } = useWords();
  const client = useClient();
  const { may } = useDesk();
  const catalogue = useCatalogue();
  const { wish, turn } = useNavigation();
  const [choice, setChoice] = useKept<Choice>('licences.choice', everything);
  const [openId, setOpenId] = useKept<LicenceRow['id'] | undefined>('licences.open', undefined);
  const [current, setCurrent] = useKept<number | undefined>('licences.current', undefined);
  const field = useRef<InputRef>(null);
  const canOpen = may('licences', 'view');

  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn of the navigation is heard once
  useEffect(() => {
    // The wish names a licence of this station; the brand is only lost on the way through the frame.
    if (wish.licenceId !== undefined) setOpenId(wish.licenceId as LicenceRow['id']);
    if (wish.states !== undefined || wish.delivery !== undefined) {
      setOpenId(undefined);
      setChoice({ ...everything, states: wish.states ?? [], more: wish.delivery === undefined ? [] : [wish.delivery] });
    }
    if (wish.search === true) {
      setOpenId(undefined);
      requestAnimationFrame(() => field.current?.focus({ cursor: 'all' }));
    }
  }, [turn]);

  const asked = useDeferredValue(choice);
  const key = JSON.stringify(asked);
  const fetchLicences = useCallback(
    (offset: number, limit: number) => {
      const { text, states: wanted, more, typeIds }: Choice = JSON.parse(key);
      const delivery = (['undelivered', 'needsPerson', 'delivered'] as const).flatMap((each) =>
        more.includes(each) ? deliveryOf[each] : [],
      );
      return client.licences.find({
        text,
        states: [...wanted],
        typeIds: [...typeIds],
        delivery: [...new Set(delivery)],
        notHandedOver: more.includes('notHandedOver'),
        enteredByMe: more.includes('mine'),
        offset,
        limit,
      });
    },
    [client, key],
  );
  const pages = usePages<LicenceRow>('licences', key, fetchLicences);
  const toggle = <T,>(list: readonly T[], value: T): readonly T[] =>
    list.includes(value) ? list.filter((each) => each !== value) : [...list, value];
  const isNarrowed = key !== JSON.stringify(everything);

  const columns: readonly Column<LicenceRow>[] = [
    {
      key: 'holder',
      title: t('licence.holder'),
      width: 'minmax(120px, 1.6fr)',
      render: (row) => <span title={row.holderName}>{row.holderName}</span>,
    },
    {
      key: 'type',
      title: t('licence.type'),
      width: 'minmax(120px, 1.1fr)',
      render: (row) => <span title={catalogue.typeName(row.typeId)}>{catalogue.typeName(row.typeId)}</span>,
    },
    {
      key: 'number',
      title: t('licence.number'),
      width: 'minmax(272px, 1.5fr)',
      render: (row) => (
        <span className="mono" title={row.number ?? ''}>
          {row.number ?? <span className="quiet">{t('licence.noNumber')}</span>}
          {row.version > 1 && <span className="mark">v{row.version}</span>}
        </span>
      ),
    },
    { key: 'day', title: t('licence.conclusionDay'), width: '108px', render: (row) => row.conclusionDay },
    { key: 'state', title: t('licence.state'), width: '108px', render: (row) => <StateTag state={licenceState(row)} /> },
    {
      key: 'delivery',
      title: t('licence.delivery'),
      width: language === 'zh' ? 'minmax(164px, 0.6fr)' : 'minmax(212px, 0.6fr)',
      render: (row) => (row.delivery === null ? '' : <StateTag state={row.delivery} />),
    },
    {
      key: 'handOver',
      title: t('licence.handOver'),
      width: language === 'zh' ? '84px' : '112px',
      render: (row) => (row.state === 'issued' ? t(row.handedOver ? 'licence.handedOver' : 'licence.notHandedOver') : ''),
    },
    {
      key: 'sealed',
      title: t('licence.sealedAt'),
      width: '140px',
      render: (row) => (row.sealedAt === null ? '' : localTime(row.sealedAt)),
    },
    { key: 'matter', title: t('licence.matter'), width: '150px', render: (row) => <span className="mono">{row.matterNumber}</span> },
    { key: 'code', title: t('licence.holderCode'), width: '170px', render: (row) => <span className="mono">{row.holderCode}</span> },
  ];

  return openId !== undefined ? (
    <LicenceDesk key={openId} id={openId} catalogue={catalogue} onClose={() => setOpenId(undefined)} onOther={setOpenId} />
  ) : (
    <Screen
      title={t('tab.licences')}
      isFixed
      testId="screen-licences"
      actions={may('licences', 'submit') && <SubmitChosen rules={catalogue.rules} />}
    >
      <div className="row" style={{ flex: 'none' }}>
        <Input
          ref={field}
          allowClear
          prefix={<SearchOutlined aria-hidden="true" />}
          style={{ flex: '1 1 320px', maxWidth: 560 }}
          maxLength={80}
          value={choice.text}
          placeholder={t('licences.search')}
          aria-label={t('licences.search')}
          aria-keyshortcuts="Control+K"
          onChange={(event) => setChoice({ ...choice, text: event.target.value })}
          data-testid="search"
        />
        <Select
          mode="multiple"
          allowClear
          maxTagCount="responsive"
          style={{ flex: '0 1 260px' }}
          placeholder={t('licences.allTypes')}
          aria-label={t('licence.type')}
          value={[...choice.typeIds]}
          options={catalogue.types.map((type) => ({ value: type.id, label: catalogue.typeName(type.id) }))}
          onChange={(typeIds) => setChoice({ ...choice, typeIds })}
        />
      </div>
      <div className="row" style={{ flex: 'none' }}>
        <Chips
          label={t('licence.state')}
          chips={states.map((state) => ({ key: state, label: <StateTag state={state} /> }))}
          chosen={choice.states}
          onToggle={(state) => setChoice({ ...choice, states: toggle(choice.states, state) })}
          testId="state"
        />
        <Chips
          label={t('licence.delivery')}
          chips={(['undelivered', 'needsPerson', 'notHandedOver', ...(may('intake', 'open') ? (['mine'] as const) : [])] as const).map(
            (each) => ({ key: each, label: t(`licences.${each}`) }),
          )}
          chosen={choice.more}
          onToggle={(each) => setChoice({ ...choice, more: toggle(choice.more, each) })}
          testId="more"
        />
      </div>
      <Problem error={pages.problem} />
      <VirtualGrid
        label={t('tab.licences')}
        testId="licences"
        columns={columns}
        total={pages.total}
        rowAt={pages.rowAt}
        rowKey={(row) => row.id}
        onRange={pages.onRange}
        current={current}
        onCurrent={setCurrent}
        onOpen={(index) => canOpen && setOpenId(pages.rowAt(index)?.id)}
        empty={
          <EmptyState title={pages.hasCome ? t(isNarrowed ? 'licences.noneFound' : 'licences.empty') : t('ui.loading')}>
            {pages.hasCome ? t(isNarrowed ? 'licences.noneFoundHint' : 'licences.emptyHint') : undefined}
          </EmptyState>
        }
        foot={
          <span aria-live="polite" data-testid="found">
            {t(pages.more ? 'licences.foundMore' : 'licences.found', { count: count(pages.total) })}
            {canOpen && pages.total > 0 && ` · ${t('licences.openHint')}`}
          </span>
        }
      />
    </Screen>
  );
}
