import type { HclBlock } from '../../../../syntax/hcl/body';
import type { KnownModule } from '../moduleSources';
import { attachedPolicies } from './attachedPolicies';
import { attachedText, type BlockText } from './attachments';
import { isReplaced, replacementOf, type Argument } from './replacement';

/** Inputs of eks-pod-identity that decide what its role may do. Source: its variables.tf, v1.12.1 and v2.8.1. */
const deciding = new Set([
  'additional_policy_arns',
  'attach_custom_policy',
  'source_policy_documents',
  'override_policy_documents',
  'policy_statements',
  'permissions_boundary_arn',
  ...Object.values(attachedPolicies).flatMap(({ flag, inputs }) => (flag === undefined ? [] : [flag, ...inputs.map(({ to }) => to)])),
]);

/**
 * What the role of a module may do, as one text: the same for a role of eks-pod-identity and for the one that it replaces. Absent where
 * that isn't known, or where the folder gives it no policy. Expressions are compared as they are written, so both stand in one folder.
 * @param attached the resources of the folder that give this role a policy
 */
export function permissionsOfCall({ block, text }: BlockText, known: KnownModule, attached: readonly BlockText[]): string | undefined {
  const own = known === 'pod-identity' ? ofPodIdentity(block, text) : isReplaced(known) ? ofReplaced(block, text, known) : undefined;
  if (!own) return undefined;
  const label = block.labels[0]?.text ?? '';
  const parts = own.map(({ name, source }) => `${name}=${source.replace(/\s+/g, '')}`);
  for (const each of attached) parts.push(attachedText(label, each).replace(/\s+/g, ''));
  const found = JSON.stringify(parts.sort());
  return parts.length === 0 || found.length > longest ? undefined : found;
}

const longest = 20_000;

function ofReplaced(block: HclBlock, text: string, known: KnownModule): readonly Argument[] | undefined {
  const made = replacementOf(block, text, known);
  return 'made' in made ? made.made.policies : undefined;
}

function ofPodIdentity({ body }: HclBlock, text: string): readonly Argument[] | undefined {
  const found: Argument[] = [];
  for (const { name, value } of body.attributes) {
    const isDeciding = deciding.has(name.text) || /^attach_/.test(name.text);
    if (!isDeciding) continue;
    if (!value) return undefined;
    found.push({ name: name.text, source: text.slice(value.span.start, value.span.end) });
  }
  return found;
}
