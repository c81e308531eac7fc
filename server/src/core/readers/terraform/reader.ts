import type { Fact } from '../../model/facts';
import type { GroupReader } from '../reader';
import { readEks } from './eks';
import { readHelm } from './helm';
import { readKubernetes } from './kubernetes';
import { TerraformModule } from './module';
import { readRoleModules } from './roleModules';
import { readRoles } from './roles';

/** What is read of a module, one function a kind of thing. */
const parts: readonly ((module: TerraformModule) => readonly Fact[])[] = [readRoles, readRoleModules, readEks, readKubernetes, readHelm];

/** Terraform and OpenTofu: all files of a folder are one module. */
export const terraformReader: GroupReader = {
  id: 'terraform',
  groupOf: (uri, syntax) => (syntax === 'hcl' || (syntax === 'json' && /\.tf\.json$/i.test(uri)) ? `terraform ${uri.slice(0, uri.lastIndexOf('/') + 1)}` : undefined),
  read(inputs) {
    const module = new TerraformModule(inputs);
    return parts.flatMap((part) => part(module));
  },
};
