// Attached files of the made-up station: kept in memory, one plan on every rural planning permit to begin with.
import type { Attachment, LicenceRow } from '../../../electron/contract/licence.ts';
import { StationError } from '../../../electron/contract/station-error.ts';
import type { FileOut } from '../../../electron/contract/work.ts';
import { hash } from './make-licences.ts';
import { samplePage } from './sample-page.ts';

type Kept = Attachment & { readonly bytes: Uint8Array };

export function fakeAttachments() {
  const kept = new Map<string, readonly Kept[]>();
  const planBytes = samplePage(['SITE PLAN']);
  const plan: Kept = { name: '总平面图.pdf', mediaType: 'application/pdf', sha256: hash(20), sizeBytes: planBytes.length, bytes: planBytes };
  let made = 20;
  const all = (row: LicenceRow) => kept.get(row.id) ?? (row.typeId === 'guihua' ? [plan] : []);
  return {
    list: (row: LicenceRow): Attachment[] => all(row).map(({ bytes: _, ...listed }) => listed),
    add(row: LicenceRow, file: Pick<Kept, 'name' | 'mediaType' | 'bytes'>): void {
      made += 1;
      kept.set(row.id, [...all(row), { ...file, sha256: hash(made), sizeBytes: file.bytes.length }]);
    },
    remove(row: LicenceRow, sha256: string): void {
      kept.set(
        row.id,
        all(row).filter((file) => file.sha256 !== sha256),
      );
    },
    file(row: LicenceRow, sha256: string): FileOut {
      const found = all(row).find((file) => file.sha256 === sha256);
      if (found === undefined) throw new StationError('ATTACHMENT_GONE');
      return { fileName: found.name, bytes: found.bytes };
    },
  };
}
