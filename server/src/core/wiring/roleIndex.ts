import { folderKey, resolvePath } from '../config/paths';
import type { RoleFact, RolePolicyFact } from '../model/facts';
import type { Text } from '../text/text';
import { literal } from '../text/texts';
import { FactMap } from './factMap';
import type { Lookups } from './lookups';
import { inOrder } from './order';
import { roleNameOf } from './requestedRole';
import { roleKey } from './roleNames';

/** Roles by name and by the file that holds their trust policy, and the policies that files give them. */
export class RoleIndex {
  private readonly byName: FactMap<string, RoleFact>;
  private readonly byPolicyFile: FactMap<string, RoleFact>;
  /** Those of a name whose trust policy is in a file of its own: few are. */
  private readonly withPolicyFile: FactMap<string, RoleFact>;
  private readonly policiesByName: FactMap<string, RolePolicyFact>;
  private readonly policiesById: FactMap<string, RolePolicyFact>;

  constructor(lookups: Lookups) {
    this.byName = new FactMap(lookups);
    this.byPolicyFile = new FactMap(lookups);
    this.withPolicyFile = new FactMap(lookups);
    this.policiesByName = new FactMap(lookups);
    this.policiesById = new FactMap(lookups);
  }

  change(fact: RoleFact, change: 'add' | 'delete'): void {
    const name = roleNameOf(fact);
    if (name !== undefined) this.byName[change](name, fact);
    const file = policyFileOf(fact);
    if (file === undefined) return;
    this.byPolicyFile[change](file, fact);
    if (name !== undefined) this.withPolicyFile[change](name, fact);
  }

  changePolicy(fact: RolePolicyFact, change: 'add' | 'delete'): void {
    for (const id of fact.role.refers?.objects ?? []) this.policiesById[change](id, fact);
    const name = roleKey(fact.role, fact.doc.uri);
    if (name !== undefined) this.policiesByName[change](name, fact);
  }

  named(name: string): { readonly size: number } & Iterable<RoleFact> {
    return this.byName.get(name);
  }

  /** True where a file makes a role of that name. */
  has(name: string): boolean {
    return this.byName.size(name) > 0;
  }

  /** The names of all roles that files make. */
  names(): Iterable<string> {
    return this.byName.keys();
  }

  /** The roles that say that their trust policy is read from a file, by its path key. */
  ofPolicyFile(path: string): Iterable<RoleFact> {
    return this.byPolicyFile.get(path);
  }

  /** Path keys of the files that hold the trust policies of roles of a name. */
  policyFilesOf(name: string): Set<string> {
    return new Set([...this.withPolicyFile.get(name)].flatMap((role) => policyFileOf(role) ?? []));
  }

  /** The policies that files give a role: by what it is, where the text refers to it, else by its name. */
  policiesOf(role: Text, uri: string): readonly RolePolicyFact[] {
    if (role.refers) return inOrder(new Set(role.refers.objects.flatMap((id) => [...this.policiesById.get(id)])));
    const name = roleKey(role, uri);
    return name === undefined ? [] : inOrder(this.policiesByName.get(name));
  }
}

/** The path key of the file that holds a role's trust policy, where its own file names one. */
export function policyFileOf({ doc, policyFile }: RoleFact): string | undefined {
  const path = policyFile && literal(policyFile);
  return path === undefined ? undefined : resolvePath(folderKey(doc.uri), path);
}
