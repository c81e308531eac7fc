import type { Fact, RolePolicyFact } from '../../model/facts';
import { objectId, type ObjectId, type ObjectReference } from '../../text/objects';
import { valueAt } from '../../syntax/nodes';
import type { Entry, Node, ScalarNode } from '../../syntax/tree';
import type { Span } from '../../text/span';
import type { Text } from '../../text/text';
import { asList, asScalar, textAt, toText } from '../nodes';
import type { ReaderInput } from '../reader';
import { borrowedScalar, holeText, standIn } from '../terraform/texts';
import { assembled, named } from '../terraform/wellKnown';
import type { PlannedResource } from './plan';
import { trustPolicyOf } from './policies';
import type { PlanTools } from './port';
import type { References } from './references';

/** The roles of a plan, and what refers to them. */
export class PlannedRoles {
  /** @param uri of the plan's file: what it makes is told from what other plans make by that */
  constructor(
    private readonly uri: string,
    private readonly references: References,
    private readonly tools: PlanTools,
  ) {}

  idOf({ address }: PlannedResource): ObjectId {
    return objectId('terraform', this.uri, address);
  }

  /** A resource's own part of the configuration. */
  configured(resource: PlannedResource): Node | undefined {
    return this.references.configured(resource);
  }

  /** A role with its trust policy, and the policies that its own arguments give it. */
  facts(role: PlannedResource, input: ReaderInput): Fact[] {
    const values = role.values();
    if (!values) return [];
    const id = this.idOf(role);
    const name = this.nameOf(role);
    const trust = trustPolicyOf(role, this.references, this.tools);
    const known = ['arn', 'path', 'max_session_duration'].flatMap((key): Entry[] => {
      const value = asScalar(valueAt(values, key));
      return value && value.type !== 'null' && value.holes.length === 0 ? [entry(key, value)] : [];
    });
    const holder = { kind: 'map' as const, span: role.span, open: false, entries: [entry('name', name), ...known] };
    const policy = trust && entry('assume_role_policy', trust);
    const read = policy
      ? this.tools.readTrustPolicies({ ...input, tree: { ...input.tree, root: { ...holder, entries: [...holder.entries, policy] } } })
      : [];
    const facts = read.map((fact): Fact => {
      if (fact.kind === 'role') return { ...fact, id };
      return fact.kind === 'trustPolicy' ? { ...fact, roleIds: [id], ownRoleOnly: true } : fact;
    });
    if (!facts.some(({ kind }) => kind === 'role')) {
      const arn = textAt(holder, 'arn');
      const path = textAt(holder, 'path');
      facts.push({
        kind: 'role',
        doc: input.doc,
        span: role.span,
        id,
        name: toText(name),
        ...(arn ? { arn } : {}),
        ...(path ? { path } : {}),
      });
    }
    return [...facts, ...this.ownPolicies(role, toText(name), input)];
  }

  /** A role's name; one that is known after apply alone is told by the role's address. */
  private nameOf(role: PlannedResource): ScalarNode {
    const name = asScalar(valueAt(role.values(), 'name'));
    if (name && name.type !== 'null' && name.value !== '' && name.holes.length === 0) return name;
    return borrowedScalar(holeText(`${role.address}.name`, true, `name of ${role.address}`), name?.span ?? role.head);
  }

  /** `managed_policy_arns` and `inline_policy` of the role itself. */
  private ownPolicies(role: PlannedResource, name: Text, { doc }: ReaderInput): RolePolicyFact[] {
    const values = role.values();
    const managed = (asList(valueAt(values, 'managed_policy_arns'))?.items ?? []).flatMap((item) => {
      const arn = knownText(item);
      return arn ? [{ kind: 'rolePolicy' as const, doc, span: item.span, role: name, arn }] : [];
    });
    const inline = (asList(valueAt(values, 'inline_policy'))?.items ?? []).flatMap((item) => {
      const own = knownText(valueAt(item, 'name'));
      return own ? [{ kind: 'rolePolicy' as const, doc, span: item.span, role: name, name: own }] : [];
    });
    return [...managed, ...inline];
  }

  /** Policies that resources of their own give to a role. */
  attached(resource: PlannedResource, { doc }: ReaderInput): RolePolicyFact[] {
    const values = resource.values();
    const key = resource.type === 'aws_iam_role_policy' ? 'name' : 'policy_arn';
    const policy = knownText(valueAt(values, key));
    const written = knownText(valueAt(values, 'role'));
    const role = written ?? this.only(resource, ['role'])?.name;
    if (!role || (!policy && key === 'policy_arn')) return [];
    const named = policy ? { [key === 'name' ? 'name' : 'arn']: policy } : {};
    return [{ kind: 'rolePolicy', doc, span: resource.span, role, ...named }];
  }

  private only(resource: PlannedResource, path: readonly (string | number)[]): { readonly name: Text } | undefined {
    const found = this.rolesOf(resource, path);
    return found.roles.length === 1 && !found.open ? { name: toText(this.nameOf(found.roles[0]!)) } : undefined;
  }

  /**
   * A value that is a role's ARN, with the role that it is of. One that is known after apply alone is the ARN that the role
   * will have, as far as the plan tells it.
   */
  referring(value: ScalarNode, resource: PlannedResource, path: readonly (string | number)[]): ScalarNode {
    const { roles, open, written } = this.rolesOf(resource, path);
    if (value.holes.length === 0) {
      const own = roles.filter((role) => literalArn(role) === value.value);
      return own.length > 0 ? { ...value, refers: this.reference(own, false, written) } : value;
    }
    if (roles.length === 0) return value;
    const refers = this.reference(roles, open, written);
    const [only] = roles;
    return { ...(roles.length === 1 && !open ? this.arnOf(only!, value.span) : value), refers };
  }

  private reference(roles: readonly PlannedResource[], open: boolean, written: string): ObjectReference {
    return { objects: roles.map((role) => this.idOf(role)), attribute: 'arn', written, ...(open ? { open: true as const } : {}) };
  }

  /** The ARN that a role will have, in the place of the mark that it is not known. */
  private arnOf(role: PlannedResource, span: Span): ScalarNode {
    const known = asScalar(valueAt(role.values(), 'arn'));
    if (known && known.type !== 'null' && known.holes.length === 0) return borrowedScalar(known, span);
    const path = asScalar(valueAt(role.values(), 'path'));
    const parts = ['arn:', named('<partition>'), ':iam::', named('<account>'), ':role'];
    return assembled({ span }, [
      ...parts,
      path && path.type !== 'null' ? (path.holes.length === 0 ? path : holeText(`${role.address}.path`, true, 'unknown path')) : '/',
      this.nameOf(role),
    ]);
  }

  private rolesOf(
    resource: PlannedResource,
    path: readonly (string | number)[],
  ): { roles: PlannedResource[]; open: boolean; written: string } {
    const sources = this.references.ofArgument(resource, path);
    let { open } = sources;
    const roles = new Set<PlannedResource>();
    let written = '';
    for (const source of sources.found) {
      const { resource: each, attribute } = source;
      if (each.mode === 'managed' && each.type === 'aws_iam_role' && /^(arn)?$/.test(attribute)) {
        roles.add(each);
        written ||= source.written;
      } else if (!isKnown(each, attribute)) open = true;
    }
    return { roles: [...roles], open, written };
  }
}

/** Whether the plan tells an attribute: then what is known after apply alone cannot come from it. */
function isKnown(resource: PlannedResource, attribute: string): boolean {
  if (attribute === '') return false;
  const value = valueAt(resource.values(), attribute);
  return value !== undefined && !(value.kind === 'scalar' && value.holes.length > 0) && value.kind !== 'unknown';
}

function literalArn(role: PlannedResource): string | undefined {
  const arn = asScalar(valueAt(role.values(), 'arn'));
  return arn && arn.holes.length === 0 ? arn.value : undefined;
}

/** A text that the plan tells. */
export function knownText(node: Node | undefined): Text | undefined {
  return node?.kind === 'scalar' && node.type !== 'null' && node.value !== '' && node.holes.length === 0 ? toText(node) : undefined;
}

function entry(key: string, value: Node): Entry {
  return { key: standIn(key, value.span), value, span: value.span, merged: false };
}
