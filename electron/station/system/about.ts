// What this station runs on and with: versions, fonts, catalogue, number blocks, sizes. For IT staff and support.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { AboutView } from '../../contract/work.ts';
import type { LoadedRulePack } from '../catalogue/rule-pack.ts';
import type { StationContext } from '../station-context.ts';
import { count, first, sql } from '../store/database.ts';
import { countLicences } from '../store/queries/licences.ts';
import { readBlocks } from '../store/queries/workspace.ts';

const FONTS = [
  { name: 'Noto Serif SC Regular / Bold', licence: 'SIL Open Font License 1.1' },
  { name: 'HanaMinB', licence: 'SIL Open Font License 1.1 / Hanazono Font License' },
] as const;

export interface AboutParts {
  readonly contractVersion: number;
  readonly softwareVersion: string;
  readonly workspaceDir: string;
  readonly rules: LoadedRulePack;
  readonly drivers: AboutView['drivers'];
}

export function aboutView(ctx: StationContext, { contractVersion, softwareVersion, workspaceDir, rules, drivers }: AboutParts): AboutView {
  const { db, catalogue } = ctx;
  const typeIdOf = new Map(catalogue.entries.map((e) => [e.type.code, e.type.id]));
  const bytesOf = (pattern: RegExp): number =>
    readdirSync(workspaceDir)
      .filter((name) => pattern.test(name))
      .reduce((sum, name) => sum + statSync(path.join(workspaceDir, name)).size, 0);
  const sqlite = first(db, z.object({ version: z.string() }), sql`SELECT sqlite_version() AS version`)?.version ?? '';
  return {
    product: `Banjie ${softwareVersion}`,
    contractVersion,
    versions: [
      { name: 'Node.js', version: process.versions.node },
      { name: 'SQLite', version: sqlite },
      { name: 'renderer', version: ctx.renderer.version },
      { name: 'schema', version: String(count(db, sql`SELECT user_version FROM pragma_user_version`)) },
    ],
    fonts: [...FONTS],
    catalogue: catalogue.entries.map(({ type, sha256 }) => ({ typeId: type.id, version: type.version, validFrom: type.validFrom, sha256 })),
    rulePack: {
      id: rules.pack.id,
      version: rules.pack.version,
      validFrom: rules.pack.validFrom,
      validTo: rules.pack.validTo,
      citation: rules.pack.citation,
    },
    blocks: readBlocks(db).map((b) => ({
      typeId: typeIdOf.get(b.typeCode) ?? b.typeCode,
      year: b.year,
      first: b.first,
      last: b.last,
      next: b.next,
    })),
    drivers: [...drivers],
    workspace: {
      dir: workspaceDir,
      databaseBytes: bytesOf(/^station\.db/),
      documentsBytes: bytesOf(/^documents-/),
      licences: countLicences(db),
      encrypted: true,
      sqlite,
    },
  };
}
