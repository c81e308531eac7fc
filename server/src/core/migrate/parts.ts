import { removeAddonRole } from './edits/addon/terraform';
import { moveAddon } from './edits/addons';
import { addAnnotation, removeAnnotation, removeEntry } from './edits/annotations';
import { removeAssociation, writeAssociation } from './edits/associations';
import { removeCall } from './edits/module/removeCall';
import { replacedCall, replaceRole } from './edits/module/replaceRole';
import { TerraformFolders } from './edits/moduleCalls';
import { clusterFromCalls, unusedVariables } from './edits/moduleCluster';
import { policyEditors } from './edits/registry';
import { clusterSpelling } from './edits/spellings';
import { terraformProvider } from './edits/terraformSpelling';
import { includes as compare } from '../trust/compare/includes';
import { isIncludedByText } from './proof/structural';
import type { Includes, MigrationEditors, MigrationHost } from './port';

/**
 * Whether everything that one side allows is allowed by the other: by the texts alone where these tell it, which also holds
 * for values that no file tells, else by the exact comparison.
 */
const includes: Includes = (all, part, scope) => (isIncludedByText(all, part) ? { kind: 'included' } : compare(all, part, scope));

const editors: MigrationEditors = {
  policyEditors,
  clusterSpelling,
  clusterFromCalls: (policy, document, host) => clusterFromCalls(policy, document, TerraformFolders.of(host)),
  unusedVariables: (folders, texts, host) => unusedVariables(folders, texts, TerraformFolders.of(host)),
  terraformRoots: (folders, host) => TerraformFolders.of(host).rootsOf(folders),
  terraformProvider,
  writeAssociation,
  removeAssociation,
  removeAnnotation,
  removeEntry,
  addAnnotation,
  moveAddon,
  removeAddonRole,
  replacedCall,
  replaceRole,
  removeCall,
};

/** What compares trust policies, and what writes into files: the parts of a host that are the same for every front. */
export const parts: Pick<MigrationHost, 'includes' | 'editors'> = { includes, editors };
