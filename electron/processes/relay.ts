// Carries the station's calls to the token host and the token host's events back, through the host program.
// Must not let a PIN pass: only the calls listed here are carried; `token.login` goes straight from the host program.
import type { Contract } from '../contract/define.ts';
import { StationError } from '../contract/station-error.ts';
import type { TokenContract } from '../contract/token.contract.ts';
import { forward } from './forward.ts';
import type { Supervisor } from './supervisor.ts';

const CARRIED: readonly string[] = [
  'list',
  'certificates',
  'grant',
  'sign',
  'release',
] satisfies readonly (keyof TokenContract['groups']['token'])[];

/** Lasts over restarts of both. A restarted token host is a `tokensChanged` to the station: every grant is gone. */
export function relay(station: Pick<Supervisor<Contract>, 'onSide' | 'postSide'>, tokenHost: Supervisor<TokenContract>): () => void {
  const call = async (group: string, name: string, arg: unknown): Promise<unknown> => {
    if (group !== 'token' || !CARRIED.includes(name)) throw new StationError('ROLE_NOT_ALLOWED', { needs: 'host' });
    return tokenHost.call(group, name, arg, 'host');
  };
  const stops = [
    station.onSide(async (raw, post) => {
      const reply = await forward(raw, call);
      if (reply !== undefined) post(reply);
    }),
    tokenHost.onEvent((frame) => station.postSide(frame)),
    tokenHost.onChanged(() => station.postSide({ event: 'tokensChanged', payload: {} })),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
