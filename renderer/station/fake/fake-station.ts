// A station in memory for development screens and component tests: real frames, real schemas, made-up data.
// Must never be imported by main.tsx: it is not part of the product.
import type { LicenceType } from '../../../electron/contract/catalogue.ts';
import type { HandlersOf } from '../../../electron/contract/define.ts';
import type { ImportView } from '../../../electron/contract/import.ts';
import type { LicenceDetail, LicenceRow } from '../../../electron/contract/licence.ts';
import type { RulePack } from '../../../electron/contract/office.ts';
import type { Preferences, ProcessView } from '../../../electron/contract/shell.contract.ts';
import { StationError } from '../../../electron/contract/station-error.ts';
import type { Profile } from '../../../electron/contract/values.ts';
import type { BatchView, SealingItem } from '../../../electron/contract/work.ts';
import { authorise, type Caller } from '../../../electron/rpc/authorise.ts';
import { memoryPorts } from '../../../electron/rpc/ports/memory.ts';
import { serve } from '../../../electron/rpc/serve.ts';
import { connectStation, type StationConnection, type WindowContract, windowContract } from '../client.ts';
import { fakeAttachments } from './fake-attachments.ts';
import { fakeJobs } from './fake-jobs.ts';
import { importId, makeImportRows, viewOf } from './make-import.ts';
import { batchId, detailOf, hash, licenceId, makeRows, NOW } from './make-licences.ts';
import { makePackage, makeSession, people } from './make-session.ts';
import { verification } from './make-verification.ts';
import { about, delivery, keys, outboxRows, today } from './make-work.ts';
import { samplePage } from './sample-page.ts';

export interface FakeOptions {
  readonly types: readonly LicenceType[];
  readonly rules: RulePack;
  readonly rows: number;
  readonly signedIn?: string | undefined;
  readonly preferences?: Preferences;
  readonly profile?: Profile;
  /** False: a fresh workspace, nobody has taken a package yet. */
  readonly hasOffice?: boolean;
  readonly importState?: ImportView['state'] | undefined;
  readonly processes?: readonly ProcessView[];
  /** Milliseconds between two steps of a job. */
  readonly stepMs?: number;
}

export interface FakeStation {
  readonly connection: StationConnection;
  readonly rows: readonly LicenceRow[];
  /** Every call made, as `group.name`. */
  readonly calls: readonly string[];
}

export function fakeStation(options: FakeOptions): FakeStation {
  const { types, rules, stepMs = 60 } = options;
  let rows = makeRows(types, options.rows);
  let signedIn = people.find(({ id }) => id === options.signedIn) ?? null;
  let preferences = options.preferences ?? { language: 'zh' as const, largePrint: false };
  const [firstType] = types;
  if (firstType === undefined) throw new Error('a fake needs a type');
  const importRows = makeImportRows(firstType, options.rows);
  let importState: ImportView['state'] | undefined = options.importState;
  let hasOffice = options.hasOffice ?? true;
  const calls: string[] = [];
  const [windowEnd, stationEnd] = memoryPorts();

  const typeOf = (id: string) => types.find((type) => type.id === id) ?? firstType;
  const rowOf = (id: string) => {
    const row = rows.find((each) => each.id === id);
    if (row === undefined) throw new StationError('LICENCE_NOT_FOUND');
    return row;
  };
  const change = (ids: readonly string[], patch: Partial<LicenceRow>) => {
    rows = rows.map((row) => (ids.includes(row.id) ? { ...row, ...patch, revision: row.revision + 1 } : row));
    server.emit('licencesChanged', { ids: [] });
  };
  const attachments = fakeAttachments(rowOf, (id) => change([id], {}));
  const page = <T>(list: readonly T[], offset: number, limit: number) => list.slice(offset, offset + limit);
  const profile = options.profile ?? 'training';
  const session = () => makeSession(profile, hasOffice, signedIn);
  const officePackage = () => makePackage(profile, hasOffice, types, rules);
  const actionsOf = (row: LicenceRow): LicenceDetail['actions'] => {
    const has = (role: string) => signedIn?.roles.some((each) => each === role) ?? false;
    if (row.state === 'draft') return has('clerk') ? ['mend', 'submit', 'discard'] : [];
    if (row.state === 'submitted') return has('reviewer') ? ['approve', 'return', 'void'] : has('clerk') ? ['void'] : [];
    if (row.state === 'approved') return has('custodian') ? ['seal'] : has('reviewer') ? ['void'] : [];
    if (row.state !== 'issued') return [];
    return [
      ...(has('clerk') && !row.handedOver ? (['handOver'] as const) : []),
      ...(has('reviewer') && row.legalStatus === 'valid' ? (['cancelAndReissue'] as const) : []),
      'saveFile',
      'print',
    ];
  };
  const { list: jobs, startJob, setJob } = fakeJobs(stepMs, (id) => server.emit('jobChanged', { id }));
  const approved = () => rows.filter(({ state }) => state === 'approved' || state === 'issued');
  const batches = (): BatchView[] =>
    types.flatMap((type, index): BatchView[] => {
      const mine = approved().filter(({ typeId }) => typeId === type.id);
      const [first] = mine;
      if (first === undefined) return [];
      const seal = keys().seals[index];
      const toSeal = mine.filter(({ state }) => state === 'approved').length;
      const job = jobs().find(({ kind, subject }) => kind === 'sealing' && subject === type.name) ?? null;
      return seal === undefined
        ? []
        : [
            {
              id: batchId(index),
              issuerId: first.issuerId,
              sealId: seal.id,
              sealName: seal.name,
              approvedBy: '李建国',
              approvedAt: NOW,
              size: mine.length,
              toSeal,
              sealed: mine.length - toSeal,
              failed: 0,
              job,
              grant: null,
            },
          ];
    });
  const typeOfBatch = (id: string) => types[Number.parseInt(id.slice(-12), 16)] ?? firstType;
  const importView = () => viewOf(firstType, importRows, importState ?? 'mapping');

  const handlers: HandlersOf<WindowContract, Caller> = {
    station: { beat: () => ({ at: NOW }), close: () => ({}), setUpOffice: session },
    session: {
      current: session,
      signIn: ({ personId, passphrase }) => {
        if (passphrase !== 'banjie-xunlian') throw new StationError('SIGN_IN_WRONG', { waitSeconds: 1 });
        signedIn = people.find(({ id }) => id === personId) ?? null;
        server.emit('sessionChanged', {});
        return session();
      },
      signOut: () => {
        signedIn = null;
        return session();
      },
      inspectOffice: () => officePackage(),
      takeOffice: () => {
        hasOffice = true;
        server.emit('sessionChanged', {});
        return session();
      },
    },
    today: { overview: () => today(rows) },
    catalogue: { types: () => [...types], rules: () => rules },
    intake: {
      imports: () => (importState === undefined ? [] : [importView()]),
      open: ({ fileName, bytes }) => {
        if (bytes.length === 0) throw new StationError('FILE_EMPTY', { fileName });
        importState = 'mapping';
        return importView();
      },
      view: importView,
      readAgain: importView,
      check: () => {
        importState = 'checking';
        return startJob('intake.check', importView().fileName, importRows.length, () => {
          importState = 'checked';
          server.emit('importChanged', { id: importId });
        });
      },
      rows: ({ which, offset, limit }) => {
        const isDuplicate = (row: (typeof importRows)[number]) => row.faults.some(({ field }) => field === null);
        const fits = {
          all: () => true,
          good: (row) => row.faults.length === 0 && row.changes.length === 0,
          normalised: (row) => row.faults.length === 0 && row.changes.length > 0,
          faulty: (row) => row.faults.length > 0 && !isDuplicate(row),
          duplicate: isDuplicate,
          accepted: (row) => row.licenceId !== null,
        } satisfies Record<string, (row: (typeof importRows)[number]) => boolean>;
        const found = importRows.filter(fits[which]);
        return { rows: page(found, offset, limit), total: found.length };
      },
      mendRow: ({ row, values }) => {
        const at = importRows[row - 1];
        if (at === undefined) throw new StationError('IMPORT_GONE');
        for (const [field, to] of Object.entries(values)) {
          at.changes.push({ field, from: at.values[field] ?? '', to, kinds: ['mended'] });
          at.values[field] = to;
          at.faults = at.faults.filter((fault) => fault.field !== field);
        }
        server.emit('importChanged', { id: importId });
        return at;
      },
      accept: () =>
        startJob('intake.accept', importView().fileName, importRows.length, () => {
          importRows.forEach((row, index) => {
            if (row.faults.length === 0) row.licenceId = licenceId(index);
          });
          importState = 'accepted';
          server.emit('importChanged', { id: importId });
        }),
      abandon: () => ({}),
      exportFaulty: () => ({ fileName: '待修正的行.xlsx', bytes: new Uint8Array([1]) }),
      checkOne: ({ values }) => ({
        values,
        changes: [],
        faults:
          (values.matterNumber ?? '') === '' ? [{ code: 'VALUE_MISSING', field: 'matterNumber', details: { field: 'matterNumber' } }] : [],
      }),
      typeOne: () => ({ licenceId: licenceId(0) }),
    },
    licences: {
      find: ({ text, states, typeIds, delivery: wanted, notHandedOver, offset, limit }) => {
        const found = rows.filter(
          (row) =>
            (text === '' || `${row.holderName}${row.number}${row.matterNumber}`.includes(text)) &&
            (states.length === 0 || states.includes(row.state)) &&
            (typeIds.length === 0 || typeIds.includes(row.typeId)) &&
            (wanted.length === 0 || (row.delivery !== null && wanted.includes(row.delivery))) &&
            (!notHandedOver || (row.state === 'issued' && !row.handedOver)),
        );
        return { rows: page(found, offset, limit), total: found.length, more: false };
      },
      ...attachments.calls,
      view: ({ id }) => attachments.within(detailOf(typeOf(rowOf(id).typeId), rowOf(id), actionsOf(rowOf(id)))),
      file: ({ id }) => ({
        fileName: '证照.pdf',
        bytes: samplePage(['RURAL HOMESTEAD APPROVAL', rowOf(id).matterNumber, 'Sample page of the development build']),
        sealed: rowOf(id).state === 'issued',
        sha256: hash(2),
      }),
      preview: ({ id }) => ({
        fileName: '预览.pdf',
        bytes: samplePage(['PREVIEW', rowOf(id).matterNumber]),
        sealed: false,
        sha256: hash(4),
      }),
      mend: ({ values }) => ({ values, changes: [], faults: [] }),
      discard: () => ({}),
      submit: ({ ids }) => startJob('licences.submit', '', ids.length, () => change(ids, { state: 'submitted' })),
      explainLate: ({ ids }) => ids.map((id) => ({ id, ok: true, code: null, details: {} })),
      void: ({ id }) => {
        change([id], { state: 'voided' });
        return {};
      },
      cancelAndReissue: ({ id }) => {
        change([id], { legalStatus: 'cancelled' });
        return { newId: null };
      },
      handOver: ({ id }) => {
        change([id], { handedOver: true });
        return {};
      },
      slip: () => ({ fileName: '回执.pdf', bytes: samplePage(['SLIP']) }),
      printCopy: () => ({ fileName: '打印件.pdf', bytes: samplePage(['COPY']) }),
      fileSaved: () => ({}),
    },
    review: {
      queue: ({ typeId }) => {
        const found = rows.filter((row) => row.state === 'submitted' && (typeId === null || row.typeId === typeId));
        return { rows: found.slice(0, 500), total: found.length, more: found.length > 500 };
      },
      shown: () => ({}),
      sample: ({ ids }) => ({ needed: Math.min(ids.length, 5), shown: Math.min(ids.length, 5), next: null }),
      approve: ({ items }) => {
        change(
          items.map(({ id }) => id),
          { state: 'approved' },
        );
        return { batches: [], outcomes: items.map(({ id }) => ({ id, ok: true, code: null, details: {} })) };
      },
      return: ({ id }) => {
        change([id], { state: 'draft', returned: true });
        return {};
      },
    },
    sealing: {
      keys,
      batches,
      items: ({ batchId: id, offset, limit }) => {
        const items = approved()
          .filter(({ typeId }) => typeId === typeOfBatch(id).id)
          .map(
            (row): SealingItem => ({
              licenceId: row.id,
              number: row.number ?? '',
              holderName: row.holderName,
              state: row.state === 'issued' ? 'sealed' : 'waiting',
              problem: null,
              sealedAt: row.sealedAt,
            }),
          );
        return { items: page(items, offset, limit), total: items.length };
      },
      prepare: ({ batchId: id }) => ({
        grantId: id,
        tokenSerial: 'SW-0000',
        tokenLabel: '训练钥匙 1',
        sealName: '马桥镇人民政府',
        count: 3,
        pinPad: false,
      }),
      start: ({ grantId }) => {
        const type = typeOfBatch(grantId);
        const waiting = rows.filter((row) => row.state === 'approved' && row.typeId === type.id);
        return startJob('sealing', type.name, waiting.length, () =>
          change(
            waiting.map(({ id }) => id),
            { state: 'issued', legalStatus: 'valid', delivery: 'queued', sealedAt: NOW },
          ),
        );
      },
      pause: ({ jobId }) => setJob(jobId, 'paused'),
      resume: ({ jobId }) => setJob(jobId, 'running'),
      release: () => ({}),
    },
    seals: {
      uses: ({ offset, limit }) => ({
        entries: page(
          rows.filter(({ state }) => state === 'issued'),
          offset,
          limit,
        ).map((row) => ({ at: NOW, person: '赵敏', batchId: null, licenceNumber: row.number ?? '', result: 'SEALED' })),
        total: rows.filter(({ state }) => state === 'issued').length,
      }),
    },
    delivery: {
      state: () => delivery(rows),
      items: ({ which, offset, limit }) => {
        const needs = ['refused', 'quarantined'];
        const found = outboxRows(rows).filter(
          ({ state }) =>
            which === 'all' ||
            (which === 'needsPerson' ? needs.includes(state) : which === 'delivered' ? state === 'acknowledged' : state !== 'acknowledged'),
        );
        return { items: page(found, offset, limit), total: found.length };
      },
      sendNow: () => delivery(rows),
      pause: () => delivery(rows),
      retry: () => ({}),
      close: () => ({}),
      receipt: () => ({
        receiptId: 'R-20261130-000123',
        library: '襄阳市电子证照库（训练）',
        identifier: '1.2.156.3005.2',
        contentHash: hash(2),
        receivedAt: NOW,
        repeat: false,
        text: '{"receiptId":"R-20261130-000123"}',
        signature: hash(5),
      }),
    },
    verify: {
      file: ({ fileName, bytes }) => ({
        fileName,
        verification: verification(bytes.length),
        own: rows[0] === undefined ? null : { licenceId: rows[0].id, number: '农宅字第420626202600001号', legalStatus: 'valid' },
        checkedAt: NOW,
      }),
    },
    jobs: { list: () => jobs(), cancel: ({ jobId }) => setJob(jobId, 'cancelled') },
    system: {
      about: () => about(rows.length),
      audit: ({ offset, limit }) => ({
        rows: page(rows, offset, limit).map((row, index) => ({
          seq: rows.length - offset - index,
          at: NOW,
          person: '王芳',
          kind: 'licence.submitted',
          subject: row.id,
          hash: hash(index),
        })),
        total: rows.length,
      }),
      verifyAudit: () => ({ whole: true, entries: rows.length, brokenAt: null }),
    },
    shell: {
      processes: () => [...(options.processes ?? [])],
      restart: () => ({}),
      preferences: () => preferences,
      setPreferences: (next) => {
        preferences = next;
        return next;
      },
      saveFile: ({ suggestedName }) => ({ savedAs: `/media/usb/${suggestedName}` }),
      print: () => ({ printed: true }),
      askPin: () => ({ loggedIn: true }),
      opened: () => ({ profile, problem: null }),
      chooseProfile: () => ({}),
      quit: () => ({}),
    },
  };
  const server = serve(windowContract, handlers, stationEnd, {
    callerOf: ({ from, group, name }) => {
      calls.push(`${group}.${name}`);
      return { from, roles: signedIn?.roles ?? null };
    },
    authorise,
    log: () => undefined,
    newIncident: () => 'dev',
    nowMs: () => performance.now(),
  });
  return {
    connection: connectStation(windowEnd),
    get rows() {
      return rows;
    },
    calls,
  };
}
