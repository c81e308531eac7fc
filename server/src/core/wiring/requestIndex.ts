import { folderKey } from '../config/paths';
import { parseRoleArn } from '../model/arn';
import type { ObjectFact, PodIdentityAssociationFact, ServiceAccountFact } from '../model/facts';
import { trim } from '../text/texts';
import { FactMap } from './factMap';
import type { Lookups } from './lookups';
import { requestedRole } from './requestedRole';
import { roleKey } from './roleNames';
import { referenceOf } from './roleReferences';

/** Who uses a role: accounts by their annotation, and associations; by the role's name, and accounts by their folders. */
export class RequestIndex {
  private readonly accountsByRole: FactMap<string, ServiceAccountFact>;
  private readonly accountsByFolder: FactMap<string, ServiceAccountFact>;
  private readonly accountsByParent: FactMap<string, ServiceAccountFact>;
  private readonly withAudience: FactMap<'all', ServiceAccountFact>;
  private readonly associationsByRole: FactMap<string, PodIdentityAssociationFact>;
  private readonly operatorsByRole: FactMap<string, ObjectFact>;
  private readonly associationsByTarget: FactMap<string, PodIdentityAssociationFact>;

  constructor(lookups: Lookups) {
    this.accountsByRole = new FactMap(lookups);
    this.accountsByFolder = new FactMap(lookups);
    this.accountsByParent = new FactMap(lookups);
    this.withAudience = new FactMap(lookups);
    this.associationsByRole = new FactMap(lookups);
    this.operatorsByRole = new FactMap(lookups);
    this.associationsByTarget = new FactMap(lookups);
  }

  changeAccount(account: ServiceAccountFact, change: 'add' | 'delete'): void {
    if (account.audience) this.withAudience[change]('all', account);
    if (!account.roleArn) return;
    const folder = folderKey(account.doc.uri);
    this.accountsByFolder[change](folder, account);
    this.accountsByParent[change](folder.slice(0, Math.max(0, folder.lastIndexOf('/'))), account);
    if (account.roleArn.value?.refers) return;
    const name = roleKey(requestedRole(account)?.name, account.doc.uri);
    if (name !== undefined) this.accountsByRole[change](name, account);
  }

  changeAssociation(association: PodIdentityAssociationFact, change: 'add' | 'delete'): void {
    for (const name of associatedRoles(association)) this.associationsByRole[change](name, association);
    const target = targetName(association);
    if (target !== undefined) this.associationsByTarget[change](target, association);
  }

  /** Takes an operator's object that assumes roles. */
  changeOperator(fact: ObjectFact, change: 'add' | 'delete'): void {
    const names = new Set(fact.assumes?.map((role) => (role.refers ? undefined : roleKey(parseRoleArn(trim(role))?.name, fact.doc.uri))));
    for (const name of names) if (name !== undefined) this.operatorsByRole[change](name, fact);
  }

  /** The accounts whose annotation names a role. */
  accountsOf(roleName: string): { readonly size: number } & Iterable<ServiceAccountFact> {
    return this.accountsByRole.get(roleName);
  }

  associationsOf(roleName: string): Iterable<PodIdentityAssociationFact> {
    return this.associationsByRole.get(roleName);
  }

  /** How many accounts, associations and objects of operators name a role. */
  count(roleName: string): number {
    return (
      this.accountsByRole.size(roleName) +
      this.associationsByRole.size(roleName) +
      this.associationsByTarget.size(roleName) +
      this.operatorsByRole.size(roleName)
    );
  }

  isAskedFor(roleName: string): boolean {
    return this.count(roleName) > 0;
  }

  /** Every account with a role annotation whose file stands in a folder; and in the folders directly in it. */
  in(folder: string): Iterable<ServiceAccountFact> {
    return this.accountsByFolder.get(folder);
  }

  below(folder: string): Iterable<ServiceAccountFact> {
    return this.accountsByParent.get(folder);
  }

  audiences(): Iterable<ServiceAccountFact> {
    return this.withAudience.get('all');
  }
}

/** The names by which an association's role is found; none where it refers to an object. */
function associatedRoles(association: PodIdentityAssociationFact): Set<string> {
  if (referenceOf(association)) return new Set();
  const { doc, roleArn, roleName } = association;
  const names = [roleKey(roleArn && parseRoleArn(trim(roleArn))?.name, doc.uri), roleKey(roleName, doc.uri)];
  return new Set(names.filter((name) => name !== undefined));
}

/** The name by which an association's target role is found; none where it refers to an object. */
function targetName({ doc, targetRoleArn }: PodIdentityAssociationFact): string | undefined {
  return targetRoleArn && !targetRoleArn.refers ? roleKey(parseRoleArn(trim(targetRoleArn))?.name, doc.uri) : undefined;
}
