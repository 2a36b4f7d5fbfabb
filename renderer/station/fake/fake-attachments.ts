// Attached files of the made-up station: kept in memory, one plan on every planning and felling permit to begin with.
import type { Attachment, LicenceDetail, LicenceRow } from '../../../electron/contract/licence.ts';
import { StationError } from '../../../electron/contract/station-error.ts';
import { hash } from './make-licences.ts';
import { samplePage } from './sample-page.ts';

type Kept = Attachment & { readonly bytes: Uint8Array };

export function fakeAttachments(rowOf: (id: string) => LicenceRow, changed: (id: string) => void) {
  const kept = new Map<string, readonly Kept[]>();
  const bytes = samplePage(['SITE PLAN']);
  const plan: Kept = { name: '总平面图.pdf', mediaType: 'application/pdf', sha256: hash(20), sizeBytes: bytes.length, bytes };
  let made = 20;
  const of = (id: string) => kept.get(id) ?? (['guihua', 'caifa'].includes(rowOf(id).typeId) ? [plan] : []);
  const set = (id: string, files: readonly Kept[]) => {
    kept.set(id, files);
    changed(id);
    return {};
  };
  return {
    within: (detail: LicenceDetail): LicenceDetail => ({
      ...detail,
      attachments: of(detail.row.id).map(({ bytes: _, ...listed }) => listed),
    }),
    calls: {
      attach: ({ id, ...file }: Pick<Kept, 'name' | 'mediaType' | 'bytes'> & { readonly id: string }) => {
        made += 1;
        return set(id, [...of(id), { ...file, sha256: hash(made), sizeBytes: file.bytes.length }]);
      },
      detach: ({ id, sha256 }: { readonly id: string; readonly sha256: string }) =>
        set(
          id,
          of(id).filter((file) => file.sha256 !== sha256),
        ),
      attachment: ({ id, sha256 }: { readonly id: string; readonly sha256: string }) => {
        const file = of(id).find((each) => each.sha256 === sha256);
        if (file === undefined) throw new StationError('ATTACHMENT_GONE');
        return { fileName: file.name, bytes: file.bytes };
      },
    },
  };
}
