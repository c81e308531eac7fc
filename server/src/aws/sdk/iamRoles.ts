import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListPoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  type Role,
} from '@aws-sdk/client-iam';
import type { AwsGap, AwsPolicy, AwsRole } from '../../core/model/aws';
import { decodeDocument } from '../../core/snapshot/documents';
import { AwsError, type AwsRoleDetail } from '../gateway';
import type { Clients } from './clients';
import { gapOf } from './gaps';

/** The most that IAM gives a page. */
const pageSize = 1_000;

/** Roles and policies of IAM, as facts. */
export class IamRoles {
  /** Documents by policy and version: a version never changes. */
  private readonly documents = new Map<string, string>();
  private allPolicies: Promise<AwsPolicy[]> | undefined;

  constructor(private readonly clients: Clients) {}

  /** Source: IAM API reference, ListRoles: no boundary, tags or last use. */
  async *list(signal?: AbortSignal): AsyncGenerator<AwsRole> {
    let marker: string | undefined;
    do {
      const page = await this.clients.call(
        { action: 'iam:ListRoles' },
        (options) => this.clients.iam().send(new ListRolesCommand({ MaxItems: pageSize, Marker: marker }), options),
        signal,
      );
      for (const role of page.Roles ?? []) yield { ...roleFacts(role), detail: false };
      marker = page.IsTruncated ? page.Marker : undefined;
    } while (marker !== undefined);
  }

  async detail(arnOrName: string, signal?: AbortSignal): Promise<AwsRoleDetail | undefined> {
    const name = arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
    const role = await this.role(name, signal);
    // The name may be there under another path, or in this account while the ARN is of another one.
    if (!role || (arnOrName.startsWith('arn:') && role.arn !== arnOrName)) return undefined;
    const gaps: AwsGap[] = [];
    const or = <T>(part: Promise<T>, action: string): Promise<T | undefined> =>
      part.catch((error: unknown) => void gaps.push(gapOf(error, action, role.arn)));
    const [attached, inline] = await Promise.all([
      or(this.attached(name, signal), 'iam:ListAttachedRolePolicies'),
      or(this.inline(name, role.arn, gaps, signal), 'iam:ListRolePolicies'),
    ]);
    const arns = [...new Set([...(attached ?? []), ...(role.permissionsBoundary ? [role.permissionsBoundary] : [])])];
    const policies = await Promise.all(arns.map((arn) => this.policy(arn, gaps, signal)));
    signal?.throwIfAborted();
    return {
      role: { ...role, detail: true, ...(attached ? { attached } : {}), ...(inline ? { inline } : {}) },
      policies,
      gaps,
    };
  }

  private async role(name: string, signal?: AbortSignal): Promise<AwsRole | undefined> {
    try {
      const { Role: role } = await this.clients.call(
        { action: 'iam:GetRole' },
        (options) => this.clients.iam().send(new GetRoleCommand({ RoleName: name }), options),
        signal,
      );
      return role && { ...roleFacts(role), detail: true };
    } catch (error) {
      if (AwsError.is(error) && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  private async attached(name: string, signal?: AbortSignal): Promise<string[]> {
    const arns: string[] = [];
    let marker: string | undefined;
    do {
      const page = await this.clients.call(
        { action: 'iam:ListAttachedRolePolicies' },
        (options) =>
          this.clients.iam().send(new ListAttachedRolePoliciesCommand({ RoleName: name, MaxItems: pageSize, Marker: marker }), options),
        signal,
      );
      for (const { PolicyArn: arn } of page.AttachedPolicies ?? []) if (arn) arns.push(arn);
      marker = page.IsTruncated ? page.Marker : undefined;
    } while (marker !== undefined);
    return arns.sort();
  }

  private async inline(name: string, arn: string, gaps: AwsGap[], signal?: AbortSignal): Promise<Record<string, string>> {
    const names: string[] = [];
    let marker: string | undefined;
    do {
      const page = await this.clients.call(
        { action: 'iam:ListRolePolicies' },
        (options) => this.clients.iam().send(new ListRolePoliciesCommand({ RoleName: name, MaxItems: pageSize, Marker: marker }), options),
        signal,
      );
      names.push(...(page.PolicyNames ?? []));
      marker = page.IsTruncated ? page.Marker : undefined;
    } while (marker !== undefined);
    const documents = await Promise.all(
      names.sort().map(async (policyName) => {
        try {
          const { PolicyDocument: document } = await this.clients.call(
            { action: 'iam:GetRolePolicy' },
            (options) => this.clients.iam().send(new GetRolePolicyCommand({ RoleName: name, PolicyName: policyName }), options),
            signal,
          );
          return document === undefined ? [] : [[policyName, decodeDocument(document)] as const];
        } catch (error) {
          gaps.push(gapOf(error, 'iam:GetRolePolicy', `${arn} ${policyName}`));
          return [];
        }
      }),
    );
    return Object.fromEntries(documents.flat());
  }

  /** A managed policy with its default version's document; what is refused is a gap, and the policy is known by its ARN. */
  private async policy(arn: string, gaps: AwsGap[], signal?: AbortSignal): Promise<AwsPolicy> {
    const bare: AwsPolicy = { arn, name: arn.slice(arn.lastIndexOf('/') + 1) };
    try {
      const { Policy: found } = await this.clients.call(
        { action: 'iam:GetPolicy' },
        (options) => this.clients.iam().send(new GetPolicyCommand({ PolicyArn: arn }), options),
        signal,
      );
      const versionId = found?.DefaultVersionId;
      const policy = { ...bare, ...(found?.Description ? { description: found.Description } : {}), ...(versionId ? { versionId } : {}) };
      if (!versionId) return policy;
      try {
        return { ...policy, document: await this.document(arn, versionId, signal) };
      } catch (error) {
        gaps.push(gapOf(error, 'iam:GetPolicyVersion', arn));
        return policy;
      }
    } catch (error) {
      gaps.push(gapOf(error, 'iam:GetPolicy', arn));
      return bare;
    }
  }

  private async document(arn: string, version: string, signal?: AbortSignal): Promise<string> {
    const key = `${arn} ${version}`;
    const known = this.documents.get(key);
    if (known !== undefined) return known;
    const { PolicyVersion: found } = await this.clients.call(
      { action: 'iam:GetPolicyVersion' },
      (options) => this.clients.iam().send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: version }), options),
      signal,
    );
    const document = decodeDocument(found?.Document ?? '');
    this.documents.set(key, document);
    return document;
  }

  /** All words must stand in the name; names that begin with the text come first, then the account's own, then by name. */
  async search(text: string, signal?: AbortSignal): Promise<AwsPolicy[]> {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    this.allPolicies ??= this.policies(signal);
    const all = await this.allPolicies.catch((error: unknown) => {
      this.allPolicies = undefined;
      throw error;
    });
    const own = (policy: AwsPolicy): number => (policy.arn.includes(':iam::aws:') ? 1 : 0);
    const first = (policy: AwsPolicy): number => (words[0] !== undefined && policy.name.toLowerCase().startsWith(words[0]) ? 0 : 1);
    return all
      .filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
      .sort((a, b) => first(a) - first(b) || own(a) - own(b) || (a.name < b.name ? -1 : 1))
      .slice(0, 100);
  }

  private async policies(signal?: AbortSignal): Promise<AwsPolicy[]> {
    const found: AwsPolicy[] = [];
    let marker: string | undefined;
    do {
      const page = await this.clients.call(
        { action: 'iam:ListPolicies' },
        (options) => this.clients.iam().send(new ListPoliciesCommand({ MaxItems: pageSize, Marker: marker }), options),
        signal,
      );
      for (const { Arn: arn, PolicyName: name, Description: description, DefaultVersionId: versionId } of page.Policies ?? []) {
        if (arn && name) found.push({ arn, name, ...(description ? { description } : {}), ...(versionId ? { versionId } : {}) });
      }
      marker = page.IsTruncated ? page.Marker : undefined;
    } while (marker !== undefined);
    return found;
  }
}

function roleFacts(role: Role): Omit<AwsRole, 'detail'> {
  const lastUsed = role.RoleLastUsed;
  return {
    arn: role.Arn ?? '',
    name: role.RoleName ?? '',
    path: role.Path ?? '/',
    ...(role.Description ? { description: role.Description } : {}),
    ...(role.MaxSessionDuration === undefined ? {} : { maxSessionDuration: role.MaxSessionDuration }),
    ...(role.AssumeRolePolicyDocument ? { trustPolicy: decodeDocument(role.AssumeRolePolicyDocument) } : {}),
    ...(role.PermissionsBoundary?.PermissionsBoundaryArn ? { permissionsBoundary: role.PermissionsBoundary.PermissionsBoundaryArn } : {}),
    ...(role.CreateDate ? { createdAt: role.CreateDate.toISOString() } : {}),
    ...(lastUsed?.LastUsedDate ? { lastUsed: lastUsed.LastUsedDate.toISOString() } : {}),
    ...(lastUsed?.Region ? { lastUsedRegion: lastUsed.Region } : {}),
    ...(role.Tags?.length ? { tags: Object.fromEntries(role.Tags.map(({ Key, Value }) => [Key ?? '', Value ?? ''])) } : {}),
  };
}
