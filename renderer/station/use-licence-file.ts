// The stored bytes of one licence's page, fetched when the licence or its revision changes; never two at once on screen.
import { useEffect, useState } from 'react';
import type { LicenceFile } from '../../electron/contract/licence.ts';
import type { StationError } from '../../electron/contract/station-error.ts';
import type { LicenceId } from '../../electron/contract/values.ts';
import { asStationError } from './describe-error.ts';
import { useClient } from './StationProvider.tsx';

export interface FetchedFile {
  /** Whose page `bytes` are. */
  readonly licenceId: string | undefined;
  readonly bytes: Uint8Array | undefined;
  readonly file: LicenceFile | undefined;
  readonly problem: StationError | undefined;
  readonly isLoading: boolean;
}

const nothing: FetchedFile = { licenceId: undefined, bytes: undefined, file: undefined, problem: undefined, isLoading: false };

/** `asDraft` asks for the page as it would be: a draft has no stored one. */
export function useLicenceFile(id: LicenceId | undefined, revision: number, asDraft = false): FetchedFile {
  const client = useClient();
  const [fetched, setFetched] = useState<FetchedFile>(nothing);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision may have new bytes
  useEffect(() => {
    if (id === undefined) {
      setFetched(nothing);
      return;
    }
    let isCurrent = true;
    setFetched((before) => (before.licenceId === id ? before : { ...nothing, isLoading: true }));
    const asked = asDraft ? client.licences.preview({ id }) : client.licences.file({ id });
    asked.then(
      (file) => isCurrent && setFetched({ licenceId: id, bytes: file.bytes, file, problem: undefined, isLoading: false }),
      (thrown: unknown) => isCurrent && setFetched({ ...nothing, problem: asStationError(thrown) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [client, id, revision, asDraft]);
  return fetched;
}
