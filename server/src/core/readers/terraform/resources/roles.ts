import type { Fact, RoleFact, TrustPolicyFact } from '../../../model/facts';
import { attributeOf, type HclExpression } from '../../../syntax/hcl/body';
import type { MapNode } from '../../../syntax/tree';
import type { Span } from '../../../text/span';
import type { Text } from '../../../text/text';
import { toText } from '../../nodes';
import { concernsOf } from '../../trustPolicyConcerns';
import { looksLikeTrustPolicy } from '../../trustPolicyShapes';
import { textOf } from './eks';
import { Evaluator } from '../evaluate/evaluator';
import type { Placed, TerraformModule } from '../modules/definition';
import { policyOfData, policySource, readPolicy, type PolicySource } from './policySource';
import { roleNameOf } from '../wellKnown';
import { borrowedScalar } from '../texts';

/** How many roles may share one policy before the others are passed over. */
const mostSharing = 50;

/** Roles with their trust policies, and trust policies of data sources that no role of the module takes. */
export function readRoles(module: TerraformModule): Fact[] {
  const facts: Fact[] = [];
  const taken = new Map<string, number>();
  for (const placed of module.resourcesOf('aws_iam_role')) {
    const evaluator = new Evaluator(module, placed.member);
    const trust = attributeOf(placed.block.body, 'assume_role_policy');
    const source = trust?.value && policySource(trust.value, evaluator);
    const role = roleFact(placed, evaluator, source && 'path' in source ? source.path : undefined);
    facts.push(role);
    if (!source || 'path' in source) continue;
    const identity = `${source.member.input.doc.uri} ${source.span.start}`;
    const uses = (taken.get(identity) ?? 0) + 1;
    taken.set(identity, uses);
    if (uses <= mostSharing) facts.push(trustFact(source, role.name, source.member === placed.member));
  }
  for (const [key, { member, block }] of module.dataSources) {
    if (!key.startsWith('aws_iam_policy_document.') || taken.has(`${member.input.doc.uri} ${block.span.start}`)) continue;
    const source = policyOfData(block.labels[1]?.text ?? '', new Evaluator(module, member));
    if (source?.node.kind === 'map' && looksLikeTrustPolicy(source.node)) facts.push(trustFact(source, undefined, true));
  }
  return facts;
}

/** Trust policies in values that no role of the module takes: `jsonencode` and heredocs of locals and of modules' arguments. */
export function trustPolicyIn(expression: HclExpression, evaluator: Evaluator, roleName: Text | undefined): TrustPolicyFact | undefined {
  const source = policySource(expression, evaluator);
  if (!source || 'path' in source || !looksLikeTrustPolicy(source.node as MapNode)) return undefined;
  return trustFact(source, roleName, source.member === evaluator.member);
}

function trustFact(source: PolicySource, name: Text | undefined, sameFile: boolean): TrustPolicyFact {
  const policy = readPolicy(source);
  const roleName = name && (sameFile ? name : toText(borrowedScalar(name, source.label ?? headOf(source.span))));
  return {
    kind: 'trustPolicy',
    doc: source.member.input.doc,
    span: source.span,
    policy,
    concerns: concernsOf(policy),
    ownRoleOnly: true,
    ...(roleName ? { roleName } : {}),
  };
}

function headOf({ start }: Span): Span {
  return { start, end: start };
}

function roleFact({ member, block }: Placed, evaluator: Evaluator, policyFile: Text | undefined): RoleFact {
  const [path, maxSessionDuration] = [textOf(block, 'path', evaluator), textOf(block, 'max_session_duration', evaluator)];
  return {
    kind: 'role',
    doc: member.input.doc,
    span: block.span,
    name: toText(roleNameOf({ member, block }, evaluator)),
    ...(path ? { path } : {}),
    ...(maxSessionDuration ? { maxSessionDuration } : {}),
    ...(policyFile ? { policyFile: toText(policyFile) } : {}),
  };
}
