import type { Fact, RoleFact, TrustPolicyFact } from '../../../model/facts';
import { attributeOf } from '../../../syntax/hcl/body';
import type { ObjectId } from '../../../text/objects';
import type { Span } from '../../../text/span';
import type { Text } from '../../../text/text';
import { toText } from '../../nodes';
import { concernsOf } from '../../trustPolicyConcerns';
import { looksLikeTrustPolicy } from '../../trustPolicyShapes';
import type { Evaluator } from '../evaluate/evaluator';
import type { Placed } from '../modules/definition';
import type { ModuleInstance } from '../modules/instance';
import { borrowedScalar } from '../texts';
import { roleNameOf } from '../wellKnown';
import { textOf } from './arguments';
import { policyOfData, policySources, readPolicy, type PolicySource } from './policySource';

/** How many roles may share one policy before the others are passed over. */
const mostSharing = 50;

/** Roles with their trust policies, and trust policies of data sources that no role of the module takes. */
export function readRoles(module: ModuleInstance): Fact[] {
  const facts: Fact[] = [];
  const taken = new Map<string, number>();
  for (const placed of module.definition.resourcesOf('aws_iam_role')) {
    for (const { evaluator, item } of module.instances(placed)) {
      const trust = attributeOf(placed.block.body, 'assume_role_policy');
      const sources = trust?.value ? policySources(trust.value, evaluator) : [];
      const file = sources.find((source) => 'path' in source);
      const id = module.idOf(`aws_iam_role.${placed.block.labels[1]?.text ?? ''}${item.suffix}`);
      const role = roleFact(placed, evaluator, id, file?.path);
      facts.push(role);
      for (const source of sources) {
        if ('path' in source) continue;
        const identity = placeOf(source);
        const uses = (taken.get(identity) ?? 0) + 1;
        taken.set(identity, uses);
        if (uses <= mostSharing) facts.push(trustFact(source, role.name, source.input === placed.member.input, [id]));
      }
    }
  }
  for (const placed of module.definition.dataSourcesOf('aws_iam_policy_document')) {
    const { member, block } = placed;
    if (taken.has(`${member.input.doc.uri} ${block.span.start}`)) continue;
    for (const { evaluator } of module.instances(placed)) {
      const source = policyOfData(placed, evaluator);
      if (source?.node.kind === 'map' && looksLikeTrustPolicy(source.node)) facts.push(trustFact(source, undefined, true));
    }
  }
  return facts;
}

function placeOf({ input, span }: PolicySource): string {
  return `${input.doc.uri} ${span.start}`;
}

function trustFact(source: PolicySource, name: Text | undefined, sameFile: boolean, roleIds?: readonly ObjectId[]): TrustPolicyFact {
  const policy = readPolicy(source);
  const roleName = name && (sameFile ? name : toText(borrowedScalar(name, source.label ?? headOf(source.span))));
  return {
    kind: 'trustPolicy',
    doc: source.input.doc,
    span: source.span,
    policy,
    concerns: concernsOf(policy),
    ownRoleOnly: true,
    ...(roleIds ? { roleIds } : {}),
    ...(roleName ? { roleName } : {}),
  };
}

function headOf({ start }: Span): Span {
  return { start, end: start };
}

function roleFact({ member, block }: Placed, evaluator: Evaluator, id: ObjectId, policyFile: Text | undefined): RoleFact {
  const [path, maxSessionDuration] = [textOf(block, 'path', evaluator), textOf(block, 'max_session_duration', evaluator)];
  return {
    kind: 'role',
    doc: member.input.doc,
    span: block.span,
    id,
    name: toText(roleNameOf({ member, block }, evaluator)),
    ...(path ? { path } : {}),
    ...(maxSessionDuration ? { maxSessionDuration } : {}),
    ...(policyFile ? { policyFile: toText(policyFile) } : {}),
  };
}
