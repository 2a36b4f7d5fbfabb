// What every part of the station is given: store, documents, clock, ids, the office and catalogue in force, and where to
// tell of changes. Values only; station.ts makes it.
import type { ClientOf } from '../contract/define.ts';
import type { RulePack } from '../contract/office.ts';
import type { TokenContract } from '../contract/token.contract.ts';
import type { Profile } from '../contract/values.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { Renderer } from './documents/renderer.ts';
import type { Office } from './office/office.ts';
import type { Clock } from './platform/clock.ts';
import type { Ids, Randomness } from './platform/ids.ts';
import type { Logger } from './platform/logger.ts';
import type { ReadDb } from './store/database.ts';
import type { DocumentStore } from './store/document-store.ts';

/** The part of the token host the station may use. Login is not in it: the PIN never passes through the station. */
export type TokenPort = Pick<ClientOf<TokenContract>['token'], 'list' | 'certificates' | 'grant' | 'sign' | 'release'>;

export type Change =
  | { readonly kind: 'licences'; readonly ids: readonly string[] }
  | { readonly kind: 'job'; readonly id: string }
  | { readonly kind: 'import'; readonly id: string }
  | { readonly kind: 'delivery' | 'keys' | 'session' };

export interface StationContext {
  readonly profile: Profile;
  readonly db: ReadDb;
  readonly documents: DocumentStore;
  readonly clock: Clock;
  /** The machine's own clock, which differs from `clock` in a demonstration: for deadlines other processes keep. */
  readonly machineClock: Clock;
  readonly ids: Ids;
  readonly randomness: Randomness;
  readonly log: Logger;
  readonly catalogue: Catalogue;
  readonly rulePack: RulePack;
  readonly renderer: Renderer;
  readonly tokens: TokenPort;
  /** The office in force; throws OFFICE_NOT_SET_UP before a provisioning package was taken. */
  office(): Office;
  /** Told after commit, never inside a transaction. */
  changed(change: Change): void;
}

/** Who makes a call, as far as the domain cares. */
export interface Actor {
  readonly personId: string;
}
