import { pathKey, resolvePath } from '../config/paths';
import type { Settings } from '../config/settings';
import type { RoleArn } from '../model/arn';
import { MultiMap } from './multiMap';

/** `roles:` of pod-roles.yaml: which file holds the trust policy of a role, by its ARN or name. */
export class ConfiguredRoles {
  private roles: Settings['roles'] = {};
  private isEmpty = true;
  private base = '';
  private byFile = new MultiMap<string, string>();

  configure({ roles, base }: Settings): void {
    this.roles = roles;
    this.isEmpty = Object.keys(roles).length === 0;
    this.base = base === undefined ? '' : pathKey(base);
    this.byFile = new MultiMap();
    for (const [role, path] of Object.entries(roles)) {
      const target = resolvePath(this.base, path);
      if (target !== undefined) this.byFile.add(target, role);
    }
  }

  /** The ARNs or names of the roles whose trust policy a file holds. */
  of(uri: string): string[] {
    return this.isEmpty ? [] : [...this.byFile.get(pathKey(uri))];
  }

  /** Path keys of the files that a role is mapped to: by its ARN, else by its name. */
  filesOf(arn: RoleArn | undefined, name: string): string[] {
    const { roles } = this;
    const path = arn && Object.hasOwn(roles, arn.text.value) ? roles[arn.text.value] : Object.hasOwn(roles, name) ? roles[name] : undefined;
    const target = path === undefined ? undefined : resolvePath(this.base, path);
    return target === undefined ? [] : [target];
  }
}
