import { meansPodIdentity } from '../model/podIdentity';
import type { MapNode, Node, ScalarNode } from '../syntax/tree';
import { entryOf } from '../syntax/nodes';

/** Keys that hold a trust policy: AWS's and CloudFormation's, Crossplane's, ACK's, Terraform's, Pulumi's. */
export const trustPolicyKey = /^(assume_?role_?policy(_?document)?|trust_?(relationship|policy)(_?document)?)$/i;

/** Whether a map is a policy document of any kind. */
export function looksLikePolicy(node: MapNode): boolean {
  const statement = entryOf(node, 'Statement');
  if (statement) return statements(statement.value).length > 0 || entryOf(node, 'Version') !== undefined;
  // In a wrong case only with its version, so that no other language's "statement" is taken for one.
  const other = node.entries.find((e) => e.key.value.toLowerCase() === 'statement')?.value;
  const version = node.entries.find((e) => e.key.value.toLowerCase() === 'version')?.value;
  return (
    version?.kind === 'scalar' &&
    /^20(08|12)-10-17$/.test(version.value) &&
    statements(other).some((s) => child(s, 'action') !== undefined && child(s, 'principal') !== undefined)
  );
}

/**
 * Whether a policy document, by its statements alone, is a trust policy: it names who may take a role, and no resource.
 * Endpoint policies and resource control policies also speak of sts:AssumeRole, with a Resource; permissions policies have no Principal.
 */
export function looksLikeTrustPolicy(node: MapNode): boolean {
  const all = statements(entryOf(node, 'Statement')?.value ?? node.entries.find((e) => e.key.value.toLowerCase() === 'statement')?.value);
  return all.some((statement) => {
    const principal = child(statement, 'principal') ?? child(statement, 'notprincipal');
    const resource = child(statement, 'resource') ?? child(statement, 'notresource');
    const actions = scalars(child(statement, 'action') ?? child(statement, 'notaction')).map((s) => s.value);
    const assume = actions.some((a) => /^sts:(assumerole|tagsession|\*)/i.test(a));
    const named = principal?.kind === 'map' && principal.entries.some((e) => providerOrPods(e.key.value, e.value));
    if (named && (assume || !resource)) return assume || scalars(principal).some((s) => /oidc-provider\//.test(s.value));
    if (resource) return false;
    return principal ? assume : actions.some((a) => /^sts:assumerolewithwebidentity$/i.test(a));
  });
}

function providerOrPods(kind: string, value: Node | undefined): boolean {
  return /^federated$/i.test(kind) || (/^service$/i.test(kind) && scalars(value).some((s) => meansPodIdentity(s.value)));
}

function statements(node: Node | undefined): MapNode[] {
  if (node?.kind === 'map') return [node];
  return node?.kind === 'list' ? node.items.filter((item): item is MapNode => item.kind === 'map') : [];
}

/** A statement's element, without regard to case. */
function child(statement: MapNode, lowerName: string): Node | undefined {
  return statement.entries.find((e) => e.key.value.toLowerCase() === lowerName)?.value;
}

/** The scalars of a value, a list or a map of such. */
function scalars(node: Node | undefined): ScalarNode[] {
  if (node?.kind === 'scalar') return [node];
  if (node?.kind === 'list') return node.items.filter((item): item is ScalarNode => item.kind === 'scalar');
  return node?.kind === 'map' ? node.entries.flatMap((e) => scalars(e.value)) : [];
}
