import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Catalogue, type PackedActions } from '../core/permissions/catalogue';

let read: { readonly catalogue: Catalogue | undefined } | undefined;

/**
 * AWS's actions and their access levels, from the file that the build puts beside the program. Read when first asked for.
 * Undefined where it is missing or torn: permissions are then not shown by level.
 */
export function actionCatalogue(): Catalogue | undefined {
  read ??= { catalogue: fromFile(join(__dirname, 'iam-data.json')) };
  return read.catalogue;
}

function fromFile(path: string): Catalogue | undefined {
  try {
    const data = JSON.parse(readFileSync(path, 'utf8')) as PackedActions;
    return data.version === 1 ? new Catalogue(data) : undefined;
  } catch {
    return undefined;
  }
}
