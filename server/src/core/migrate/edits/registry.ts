import type { TrustPolicyFact } from '../../model/facts';
import type { SourceDocument } from '../../syntax/sourceFile';
import type { PolicyEditor } from '../types';
import { hclBlocksPolicyEditor } from './policy/hclBlocks';
import { hclModulePolicyEditor } from './policy/hclModule';
import { hclPolicyEditor } from './policy/hclObject';
import { jsonPolicyEditor } from './policy/json';
import { yamlPolicyEditor } from './policy/yaml';

/** Every form of trust policies that is edited. To add one: one file, one line here. */
export const policyEditors: readonly PolicyEditor[] = [
  jsonPolicyEditor,
  yamlPolicyEditor,
  hclPolicyEditor,
  hclBlocksPolicyEditor,
  hclModulePolicyEditor,
];

/** The editor of a policy's form; undefined where a program makes it, or a form isn't known. */
export function editorOf(policy: TrustPolicyFact, document: SourceDocument): PolicyEditor | undefined {
  return policyEditors.find((each) => each.handles(policy, document));
}
