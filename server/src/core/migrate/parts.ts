import { includes } from '../trust/compare/includes';
import { moveAddon } from './edits/addons';
import { addAnnotation, removeAnnotation } from './edits/annotations';
import { removeAssociation, writeAssociation } from './edits/associations';
import { policyEditors } from './edits/registry';
import { clusterSpelling } from './edits/spellings';
import type { MigrationEditors, MigrationHost } from './port';

const editors: MigrationEditors = {
  policyEditors,
  clusterSpelling,
  writeAssociation,
  removeAssociation,
  removeAnnotation,
  addAnnotation,
  moveAddon,
};

/** What compares trust policies, and what writes into files: the parts of a host that are the same for every front. */
export const parts: Pick<MigrationHost, 'includes' | 'editors'> = { includes, editors };
