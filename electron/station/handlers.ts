// The contract's calls bound to the station's parts: who calls, which part does it, in which view it answers. One line of
// glue each; a call that needs more belongs into its part. Rights are checked before by the contract's roles.
import { CONTRACT_VERSION, type HandlersOf } from '../contract/define.ts';
import type { PersonEntry } from '../contract/office.ts';
import type { StationContract } from '../contract/station.contract.ts';
import { isStationError, StationError } from '../contract/station-error.ts';
import { typesOn, typeVersion } from './catalogue/catalogue.ts';
import { printCopy } from './documents/print-copy.ts';
import { printLarge } from './documents/print-large.ts';
import { verifyDocument } from './documents/verification/verify-document.ts';
import { exportFaultyRows } from './intake/faulty-sheet.ts';
import { MAX_FILE_BYTES } from './intake/table.ts';
import { attach, attachmentFile, detach } from './licences/attachments.ts';
import { discardDraft, enterDraft, mendDraft, newDraft, requireLicence } from './licences/draft.ts';
import { recordHandOver } from './licences/hand-over.ts';
import { approve, recordShown, returnToDraft, sampleOf } from './licences/review.ts';
import { handOverSlip } from './licences/slip-of.ts';
import { cancelAndReissue, explainLate, voidLicence } from './licences/status.ts';
import { submitPlan } from './licences/submit.ts';
import { legalStatusOf, licenceDetail, licenceFile, previewFile, rowView } from './licences/views.ts';
import { instantOf, todayOf } from './platform/clock.ts';
import { appendAudit, verifyAuditChain } from './records/audit.ts';
import { prepareGrant } from './sealing/grants.ts';
import { releaseGrant, requireGrant, sealingPlan } from './sealing/seal-batch.ts';
import { batchItems, batchViews } from './sealing/views.ts';
import { keysView } from './seals/keys.ts';
import type { Station } from './station.ts';
import type { Actor } from './station-context.ts';
import { inTransaction } from './store/database.ts';
import { findLicences, type LicenceQuery, licenceByDocument } from './store/queries/licences.ts';
import { closeByPerson, listOutbox, readReceipt, retryByPerson } from './store/queries/outbox.ts';
import { auditPage, countAudit } from './store/queries/records.ts';
import { countSealUses, sealUses } from './store/queries/sealing.ts';
import { aboutView } from './system/about.ts';
import { today } from './today/today.ts';

/** What the training profile shows on its sign-in screen; the same for every training office. */
const TRAINING_HINT = { passphrase: 'banjie', pin: '123456' } as const;

/** Bound to the one session of this process: one window, one person at a time. */
export function createHandlers(station: Station): HandlersOf<StationContract, unknown> {
  const { ctx, jobs, imports, session } = station;
  const person = (): PersonEntry => {
    if (session.person === undefined) throw new StationError('SIGN_IN_NEEDED');
    return session.person;
  };
  const actor = (): Actor => ({ personId: person().id });
  const view = () => session.view({ demoClock: station.config.demoToday !== null, hint: TRAINING_HINT });
  const deliver = () => {
    const worker = station.delivery();
    if (worker === undefined) throw new StationError('OFFICE_NOT_SET_UP');
    return worker;
  };
  const survey = () =>
    station.freshSurvey().catch((error: unknown) => {
      if (isStationError(error)) return undefined;
      throw error;
    });

  return {
    station: {
      beat: () => ({ at: instantOf(ctx.machineClock) }),
      close: async () => {
        await station.close();
        return {};
      },
      setUpOffice: async ({ file, fingerprint }) => {
        await station.setUpOffice(file, fingerprint);
        return view();
      },
    },
    session: {
      current: view,
      signIn: async ({ personId, passphrase }) => {
        await session.signIn(personId, passphrase);
        ctx.changed({ kind: 'session' });
        return view();
      },
      signOut: () => {
        session.signOut();
        ctx.changed({ kind: 'session' });
        return view();
      },
      inspectOffice: ({ file }) => station.inspectOffice(file),
      takeOffice: async ({ file, fingerprint }) => {
        await station.takeOffice(file, fingerprint, session.person);
        session.readAgain();
        return view();
      },
    },
    today: { overview: async () => today(ctx, station.config.workspaceDir, await survey()) },
    catalogue: {
      types: () => typesOn(ctx.catalogue, todayOf(ctx.clock)).map((e) => e.type),
      rules: () => ctx.rulePack,
    },
    intake: {
      imports: () => imports.list(),
      open: ({ fileName, bytes }) => imports.open(fileName, bytes, actor()),
      view: ({ importId }) => imports.view(importId),
      readAgain: ({ importId, ...again }) => imports.readAgain(importId, again, actor()),
      check: async ({ importId }) => jobs.start(await imports.checkPlan(importId, actor())),
      rows: ({ importId, which, text, offset, limit }) => imports.rows(importId, which, text, offset, limit),
      mendRow: ({ importId, row, values }) => imports.mendRow(importId, row, values, actor()),
      accept: ({ importId, late, submit }) => jobs.start(imports.acceptPlan(importId, late, submit, actor())),
      abandon: ({ importId }) => {
        imports.abandon(importId, actor());
        return {};
      },
      exportFaulty: async ({ importId, language }) => {
        const words = station.words[language];
        const { sheet, fileName, type } = imports.faultySheet(importId);
        const nameOf = (key: string): string => type.items.find((item) => item.key === key)?.name ?? key;
        const bytes = await exportFaultyRows(sheet, {
          sheetName: words('intake.faultySheet'),
          reasonHeading: words('intake.reasonHeading'),
          reason: (fault) => words(`error.${fault.code}.title`, { ...fault.details, field: nameOf(fault.field ?? '') }),
        });
        return { fileName: `${fileName.replace(/\.[^.]*$/, '')}_${words('intake.faultySheet')}.xlsx`, bytes };
      },
      checkOne: ({ typeId, values }) => verdictView(imports.checkTyped(typeId, values, null)),
      typeOne: ({ typeId, values, late }) => {
        const checked = imports.checkTyped(typeId, values, null);
        refuseFaulty(checked);
        const draft = newDraft(ctx, { typeId, values: checked.values, changes: checked.normalisations }, actor(), late, null);
        inTransaction(ctx.db, (db) => enterDraft(db, ctx, draft, 'licence.typed'));
        ctx.changed({ kind: 'licences', ids: [draft.id] });
        return { licenceId: requireLicence(ctx, draft.id).id };
      },
    },
    licences: {
      find: ({ enteredByMe, ...filter }) => page({ ...filter, enteredBy: enteredByMe ? person().id : null, notBy: null, order: 'newest' }),
      view: ({ id }) => licenceDetail(ctx, id, person()),
      file: ({ id }) => licenceFile(ctx, id),
      preview: ({ id }) => previewFile(ctx, id),
      mend: ({ id, values, late }) => {
        const licence = requireLicence(ctx, id);
        const before = { ...licence.valuesJson, matterNumber: licence.matterNumber, conclusionDay: licence.conclusionDay };
        const checked = imports.checkTyped(licence.typeId, { ...before, ...values }, id);
        if (checked.faults.length === 0) {
          const changes = [
            ...licence.changesJson.filter((c) => !(c.field in values) || values[c.field] === before[c.field as keyof typeof before]),
            ...mendsOf(before, checked.values),
          ];
          mendDraft(ctx, id, { typeId: licence.typeId, values: checked.values, changes }, late, actor());
        }
        return verdictView(checked);
      },
      discard: ({ id }) => {
        discardDraft(ctx, id, actor());
        return {};
      },
      attach: ({ id, ...file }) => {
        attach(ctx, id, file, actor());
        return {};
      },
      detach: ({ id, sha256 }) => {
        detach(ctx, id, sha256, actor());
        return {};
      },
      attachment: ({ id, sha256 }) => attachmentFile(ctx, id, sha256),
      submit: ({ ids, late }) => jobs.start(submitPlan(ctx, ids, late, actor())),
      explainLate: ({ ids, late }) => [...explainLate(ctx, ids, late, actor())],
      void: ({ id, reason }) => {
        voidLicence(ctx, id, reason, actor());
        return {};
      },
      cancelAndReissue: ({ id, ...why }) => {
        const newId = cancelAndReissue(ctx, id, why, actor());
        return { newId: newId === null ? null : requireLicence(ctx, newId).id };
      },
      handOver: ({ id, handOver }) => {
        recordHandOver(ctx, id, handOver, actor());
        return {};
      },
      slip: ({ id }) => handOverSlip(ctx, id, station.words.zh),
      printCopy: async ({ id, large }) => {
        const file = licenceFile(ctx, id);
        if (!file.sealed) throw new StationError('STATE_CONFLICT', { state: requireLicence(ctx, id).state });
        const { typeId, typeVersion: version } = requireLicence(ctx, id);
        const { type } = typeVersion(ctx.catalogue, typeId, version);
        const o = { printedOn: todayOf(ctx.clock), training: ctx.profile === 'training' };
        return {
          fileName: file.fileName,
          bytes: large ? await printLarge(ctx.renderer, file.bytes, type, o) : await printCopy(ctx.renderer, file.bytes, o),
        };
      },
      fileSaved: ({ id, what }) => {
        requireLicence(ctx, id);
        inTransaction(ctx.db, (db) => appendAudit(db, ctx.clock, { personId: person().id, kind: `licence.${what}`, subject: id }));
        ctx.changed({ kind: 'licences', ids: [id] });
        return {};
      },
    },
    review: {
      queue: ({ typeId }) =>
        page({
          text: '',
          states: ['submitted'],
          typeIds: typeId === null ? [] : [typeId],
          delivery: [],
          notHandedOver: false,
          enteredBy: null,
          notBy: person().roles.includes('reviewer') ? person().id : null,
          order: 'oldestConclusion',
          offset: 0,
          limit: 500,
        }),
      shown: ({ id, approvedHash }) => {
        recordShown(ctx, id, approvedHash, actor());
        return {};
      },
      sample: ({ ids }) => sampleOf(ctx, ids, actor()),
      approve: ({ items, count }) => {
        const { batches, outcomes } = approve(ctx, items, count, actor());
        return { batches: [...batches], outcomes: [...outcomes] };
      },
      return: ({ id, reason }) => {
        returnToDraft(ctx, id, reason, actor());
        return {};
      },
    },
    sealing: {
      keys: async () => keysView(ctx, await station.freshSurvey()),
      batches: () => batchViews(ctx, jobs, station.loggedInGrants),
      items: ({ batchId, offset, limit }) => batchItems(ctx, batchId, offset, limit),
      prepare: ({ batchId }) => prepareGrant(ctx, batchId, actor()),
      start: ({ grantId }) => {
        const grant = requireGrant(ctx, grantId);
        if (grant.custodianId !== person().id)
          throw new StationError('ROLE_NOT_ALLOWED', { needs: ctx.office().personName(grant.custodianId) });
        const plan = sealingPlan(ctx, grant);
        // Pressed twice: the first to end would take the grant away from the other.
        return jobs.liveLike(plan) ?? jobs.start(plan);
      },
      pause: ({ jobId }) => jobs.pause(jobId, true),
      resume: ({ jobId }) => jobs.pause(jobId, false),
      release: async ({ grantId }) => {
        await releaseGrant(ctx, requireGrant(ctx, grantId));
        return {};
      },
    },
    seals: {
      uses: ({ sealId, offset, limit }) => ({
        entries: sealUses(ctx.db, sealId, offset, limit).map(({ personId, number, ...use }) => ({
          ...use,
          person: ctx.office().personName(personId),
          licenceNumber: number,
        })),
        total: countSealUses(ctx.db, sealId),
      }),
    },
    delivery: {
      state: () => station.deliveryView(),
      items: (filter) => {
        const { items, total } = listOutbox(ctx.db, filter);
        return { items, total };
      },
      sendNow: () => {
        deliver().kick('person');
        return station.deliveryView();
      },
      pause: ({ paused }) => {
        deliver().pause(paused);
        return station.deliveryView();
      },
      retry: ({ id }) => {
        inTransaction(ctx.db, (db) => {
          retryByPerson(db, id, instantOf(ctx.clock));
          appendAudit(db, ctx.clock, { personId: person().id, kind: 'outbox.retried', subject: id });
        });
        ctx.changed({ kind: 'delivery' });
        return {};
      },
      close: ({ id, reason }) => {
        inTransaction(ctx.db, (db) => {
          closeByPerson(db, id, person().id, reason);
          appendAudit(db, ctx.clock, { personId: person().id, kind: 'outbox.closed', subject: id });
        });
        ctx.changed({ kind: 'delivery' });
        return {};
      },
      receipt: ({ id }) => readReceipt(ctx.db, id),
    },
    verify: {
      file: ({ fileName, bytes }) => {
        if (bytes.length > MAX_FILE_BYTES)
          throw new StationError('FILE_TOO_LARGE', {
            fileName,
            sizeMb: Math.ceil(bytes.length / 1_048_576),
            limitMb: MAX_FILE_BYTES / 1_048_576,
          });
        const trustAnchors = ctx.office().setup.trustAnchors.map((anchor) => Buffer.from(anchor, 'base64'));
        const options = { trustAnchors, at: instantOf(ctx.clock) };
        const verification = verifyDocument(bytes, options);
        // A further seal or an annotated copy is still our licence: known by what was delivered first.
        const hashes = [verification.fileHash, verification.firstRevisionHash].flatMap((hash) => hash ?? []);
        const own = hashes.map((hash) => licenceByDocument(ctx.db, hash)).find((found) => found !== undefined);
        return {
          fileName,
          verification: own?.documentHash ? verifyDocument(bytes, { ...options, knownHash: own.documentHash }) : verification,
          own:
            own === undefined ? null : { licenceId: own.id, number: own.number ?? '', legalStatus: legalStatusOf(own, todayOf(ctx.clock)) },
          checkedAt: instantOf(ctx.clock),
        };
      },
    },
    jobs: {
      list: () => jobs.list(),
      cancel: ({ jobId }) => {
        const beganBy = jobs.beganBy(jobId);
        if (beganBy !== person().id && !person().roles.includes('operator'))
          throw new StationError('ROLE_NOT_ALLOWED', { needs: ctx.office().personName(beganBy) });
        return jobs.cancel(jobId);
      },
    },
    system: {
      about: async () =>
        aboutView(ctx, {
          contractVersion: CONTRACT_VERSION,
          softwareVersion: station.config.softwareVersion,
          workspaceDir: station.config.workspaceDir,
          rules: station.rules,
          drivers: [...((await survey())?.drivers ?? [])],
        }),
      audit: ({ offset, limit }) => ({
        rows: auditPage(ctx.db, offset, limit).map(({ personId, seq, at, kind, subject, hash }) => ({
          seq,
          at,
          kind,
          subject,
          hash,
          person: personId === null ? null : ctx.office().personName(personId),
        })),
        total: countAudit(ctx.db),
      }),
      verifyAudit: () => verifyAuditChain(ctx.db),
    },
  };

  function page(query: LicenceQuery) {
    const { rows, total, more } = findLicences(ctx.db, query);
    return { rows: rows.map((row) => rowView(ctx, row)), total, more };
  }
}

type Checked = ReturnType<Station['imports']['checkTyped']>;
const verdictView = (checked: Checked) => ({ values: checked.values, changes: checked.normalisations, faults: checked.faults });

function refuseFaulty(checked: Checked): void {
  const [fault] = checked.faults;
  if (fault !== undefined) throw new StationError('INPUT_INVALID', { field: fault.field ?? '', problem: fault.code });
}

const mendsOf = (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) =>
  Object.entries(after).flatMap(([field, to]) => {
    const from = before[field] ?? '';
    return from === to ? [] : [{ field, from, to, kinds: ['mended' as const] }];
  });
