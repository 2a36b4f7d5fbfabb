// Where a licence can be proved: seal, certificate, hashes, versions in force, and what the verifier says of its file now.
import { Button } from 'antd';
import { useState } from 'react';
import type { LicenceDetail, LicenceFile, LicenceRow } from '../../../electron/contract/licence.ts';
import type { VerifiedFile } from '../../../electron/contract/work.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useAct } from '../../station/use-act.ts';
import { Problem } from '../../ui/Problem.tsx';
import { Verdict } from '../verify/Verdict.tsx';

interface LicenceProofsProps {
  readonly detail: LicenceDetail;
  readonly file: LicenceFile | undefined;
  readonly onOther: (id: LicenceRow['id']) => void;
}

export function LicenceProofs({ detail, file, onOther }: LicenceProofsProps) {
  const { t } = useWords();
  const client = useClient();
  const act = useAct();
  const [verdict, setVerdict] = useState<VerifiedFile | undefined>(undefined);
  const verify = () =>
    act.run(async () => {
      if (file !== undefined) setVerdict(await client.verify.file({ fileName: file.fileName, bytes: file.bytes }));
    });
  const facts: readonly (readonly [string, string | null])[] = [
    [t('licence.identifier'), detail.identifier],
    [t('licence.seal'), detail.sealName],
    [t('licence.enteredBy'), detail.enteredBy],
    [t('licence.approvedBy'), detail.approvedBy],
    [t('licence.typeVersion'), detail.typeVersion],
    [t('licence.templateVersion'), detail.templateVersion],
    [t('licence.rendererVersion'), detail.rendererVersion],
    [t('licence.approvedHash'), detail.approvedHash],
    [t('licence.documentHash'), detail.documentHash],
    [t('licence.certificateHash'), detail.certificateHash],
  ];
  return (
    <>
      <dl className="facts">
        {facts.map(([label, value]) =>
          value === null
            ? null
            : [
                <dt key={label}>{label}</dt>,
                <dd
                  key={`${label}-value`}
                  className={/^[0-9a-f]{64}$/.test(value) || label === t('licence.identifier') ? 'code-small' : ''}
                >
                  {value}
                </dd>,
              ],
        )}
      </dl>
      {detail.replaces !== null && (
        <Button style={{ alignSelf: 'start' }} onClick={() => detail.replaces !== null && onOther(detail.replaces)}>
          {t('licence.openReplaced')}
        </Button>
      )}
      {detail.replacedBy !== null && (
        <Button
          style={{ alignSelf: 'start' }}
          onClick={() => detail.replacedBy !== null && onOther(detail.replacedBy)}
          data-testid="open-successor"
        >
          {t('licence.openSuccessor')}
        </Button>
      )}
      {file?.sealed === true && (
        <Button style={{ alignSelf: 'start' }} loading={act.isBusy} onClick={verify} data-testid="verify-now">
          {t('licence.verifyNow')}
        </Button>
      )}
      <Problem error={act.problem} />
      {verdict !== undefined && <Verdict view={verdict} isShort />}
    </>
  );
}
