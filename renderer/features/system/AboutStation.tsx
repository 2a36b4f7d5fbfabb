// Versions, fonts, catalogue, rule pack, number blocks, drivers and workspace of this station.
import { InfoCircleOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useWords } from '../../station/language.tsx';
import { useDesk } from '../../station/session.tsx';
import { useCall } from '../../station/use-call.ts';
import { useCatalogue } from '../../station/use-catalogue.ts';
import { Problem } from '../../ui/Problem.tsx';
import { Panel } from '../../ui/Screen.tsx';

const MB = 1_048_576;

export function AboutStation() {
  const { t, count } = useWords();
  const { session } = useDesk();
  const { typeName } = useCatalogue();
  const { data, problem } = useCall('system', 'about', {});
  if (data === undefined) return <Problem error={problem} />;
  const { rulePack, workspace } = data;
  return (
    <>
      <p className="panel panel-body row" style={{ flex: 'none' }}>
        <InfoCircleOutlined aria-hidden="true" />
        <span style={{ flex: 1 }}>{t('system.notYet')}</span>
      </p>
      <div className="system">
        <Panel title={t('system.workspace')}>
          <dl className="facts panel-body">
            <dt>{t('system.profile')}</dt>
            <dd>{t(`profile.${session.profile}`)}</dd>
            <dt>{t('system.stationId')}</dt>
            <dd className="mono">{session.office?.stationId ?? '—'}</dd>
            <dt>{t('system.folder')}</dt>
            <dd className="code-small">{workspace.dir}</dd>
            <dt>{t('system.licences')}</dt>
            <dd>{count(workspace.licences)}</dd>
            <dt>{t('system.database')}</dt>
            <dd>
              {t('system.sizes', {
                database: (workspace.databaseBytes / MB).toFixed(1),
                documents: (workspace.documentsBytes / MB).toFixed(1),
              })}
            </dd>
            <dt>{t('system.encryption')}</dt>
            <dd>{t(workspace.encrypted ? 'system.encrypted' : 'system.notEncrypted', { sqlite: workspace.sqlite })}</dd>
          </dl>
        </Panel>
        <Panel title={t('system.blocks')}>
          <Table
            heads={[t('licence.type'), t('system.year'), t('system.range'), t('system.next'), t('system.left')]}
            numbers={[1, 2, 3, 4]}
          >
            {data.blocks.map((block) => (
              <tr key={`${block.typeId}${block.first}`}>
                <td>{typeName(block.typeId)}</td>
                <td className="number">{block.year}</td>
                <td className="number">
                  {block.first}–{block.last}
                </td>
                <td className="number">{block.next}</td>
                <td className="number">{count(Math.max(0, block.last - block.next + 1))}</td>
              </tr>
            ))}
          </Table>
        </Panel>
        <Panel title={t('system.catalogue')}>
          <Table heads={[t('licence.type'), t('system.version'), t('system.inForce'), 'SHA-256']} numbers={[]}>
            {data.catalogue.map((type) => (
              <tr key={`${type.typeId}${type.version}`}>
                <td>{typeName(type.typeId)}</td>
                <td>{type.version}</td>
                <td>{type.validFrom}</td>
                <td className="code-small" title={type.sha256}>
                  {type.sha256.slice(0, 12)}…
                </td>
              </tr>
            ))}
          </Table>
        </Panel>
        <Panel title={t('system.rulePack')}>
          {rulePack === null ? (
            <p className="panel-body quiet">{t('system.noRulePack')}</p>
          ) : (
            <dl className="facts panel-body">
              <dt>{t('system.version')}</dt>
              <dd>
                {rulePack.id} {rulePack.version}
              </dd>
              <dt>{t('system.inForce')}</dt>
              <dd>
                {rulePack.validFrom} — {rulePack.validTo ?? t('system.open')}
              </dd>
              <dt>{t('system.citation')}</dt>
              <dd>{rulePack.citation}</dd>
            </dl>
          )}
        </Panel>
        <Panel title={t('system.drivers')}>
          {data.drivers.length === 0 ? (
            <p className="panel-body quiet">{t('system.noDrivers')}</p>
          ) : (
            <Table heads={[t('system.driver'), t('system.path')]} numbers={[]}>
              {data.drivers.map((driver) => (
                <tr key={driver.id}>
                  <td>{driver.name}</td>
                  <td className="code-small">{driver.path}</td>
                </tr>
              ))}
            </Table>
          )}
        </Panel>
        <Panel title={t('system.versions')}>
          <Table heads={[data.product, t('system.version')]} numbers={[]}>
            {data.versions.map(({ name, version }) => (
              <tr key={name}>
                <td>{name}</td>
                <td className="mono">{version}</td>
              </tr>
            ))}
            <tr>
              <td>{t('system.contract')}</td>
              <td className="mono">{data.contractVersion}</td>
            </tr>
          </Table>
        </Panel>
        <Panel title={t('system.fonts')}>
          <Table heads={[t('system.font'), t('system.fontLicence')]} numbers={[]}>
            {data.fonts.map(({ name, licence }) => (
              <tr key={name}>
                <td>{name}</td>
                <td>{licence}</td>
              </tr>
            ))}
          </Table>
        </Panel>
      </div>
    </>
  );
}

function Table({
  heads,
  numbers,
  children,
}: {
  readonly heads: readonly string[];
  readonly numbers: readonly number[];
  readonly children: ReactNode;
}) {
  return (
    <div className="panel-body" style={{ paddingTop: 4, overflowX: 'auto' }}>
      <table className="plain">
        <thead>
          <tr>
            {heads.map((head, index) => (
              <th key={head} className={numbers.includes(index) ? 'number' : ''}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
