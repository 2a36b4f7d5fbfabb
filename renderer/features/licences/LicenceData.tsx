// The data of one licence beside its page: each item, what was normalised or mended, and the register row it came from.
import type { LicenceDetail } from '../../../electron/contract/licence.ts';
import { useWords } from '../../station/language.tsx';
import type { Catalogue } from '../../station/use-catalogue.ts';
import { licenceState, StateTag } from '../../ui/StateTag.tsx';
import { useKinds } from '../../ui/use-kinds.ts';
import { Attachments } from './Attachments.tsx';

/** Identity and credit codes are never broken across lines. */
const CODE = /^[0-9A-Z]{15,20}$/;

export function LicenceData({ detail, catalogue }: { readonly detail: LicenceDetail; readonly catalogue: Catalogue }) {
  const { t, name } = useWords();
  const { row, values, changes, source } = detail;
  const type = catalogue.typeOf(row.typeId);
  const lateReason = catalogue.rules?.lateReasons.find(({ code }) => code === row.late?.code);
  const items =
    type?.items.map((item) => ({ key: item.key, label: name(item.name, item.nameEn), unit: item.unit })) ??
    Object.keys(values).map((key) => ({ key, label: key, unit: undefined }));
  return (
    <div className="column">
      <div>
        <div className="strong" style={{ fontSize: 16 }}>
          {row.holderName}
        </div>
        <div>{catalogue.typeName(row.typeId)}</div>
        <div className="mono" style={{ whiteSpace: 'normal' }}>
          {row.number ?? t('licence.noNumber')}
        </div>
        <div className="row">
          <StateTag state={licenceState(row)} />
          {row.version > 1 && <span className="mark">{t('licence.version', { version: row.version })}</span>}
        </div>
      </div>
      {row.late !== null && (
        <p className="tone-warn">
          {t('licence.late')}：{lateReason === undefined ? row.late.code : name(lateReason.zh, lateReason.en)}
          {row.late.note !== '' && ` · ${row.late.note}`}
        </p>
      )}
      <dl className="facts">
        <dt>{t('licence.matter')}</dt>
        <dd className="mono">{row.matterNumber}</dd>
        <dt>{t('licence.conclusionDay')}</dt>
        <dd>
          {row.conclusionDay}
          <Change field="conclusionDay" changes={changes} />
        </dd>
        {items.map(({ key, label, unit }) => [
          <dt key={key}>{label}</dt>,
          <dd key={`${key}-value`}>
            <span className={CODE.test(values[key] ?? '') ? 'mono' : ''}>{values[key] ?? ''}</span>
            {unit !== undefined && (values[key] ?? '') !== '' && ` ${unit}`}
            <Change field={key} changes={changes} />
          </dd>,
        ])}
      </dl>
      <Attachments detail={detail} />
      <p className="small quiet">
        {source === null
          ? t('licence.typedBy', { person: detail.enteredBy })
          : t('licence.importedFrom', { file: source.fileName, row: source.row, person: detail.enteredBy })}
      </p>
    </div>
  );
}

function Change({ field, changes }: { readonly field: string; readonly changes: LicenceDetail['changes'] }) {
  const { t } = useWords();
  const kindsOf = useKinds();
  const change = changes.find((candidate) => candidate.field === field);
  if (change === undefined) return null;
  return (
    <>
      <span className="mark">{kindsOf(change.kinds)}</span>
      <span className="was">
        {t('licence.was')} {change.from}
      </span>
    </>
  );
}
