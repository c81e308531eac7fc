import type { Fact } from '../../model/facts';
import type { ReaderInput } from '../reader';
import { readEks } from './resources/eks';
import { readHelm } from './resources/helm';
import { readKubernetes } from './resources/kubernetes';
import { TerraformModule } from './modules/definition';
import { readRoleModules } from './modules/roleModules';
import { readRolePolicies } from './resources/rolePolicies';
import { readRoles } from './resources/roles';

/** What is read of a module, one function a kind of thing. */
const parts: readonly ((module: TerraformModule) => readonly Fact[])[] = [
  readRoles,
  readRolePolicies,
  readRoleModules,
  readEks,
  readKubernetes,
  readHelm,
];

/** The facts of a module's files. */
export function readModule(inputs: readonly ReaderInput[]): readonly Fact[] {
  const module = new TerraformModule(inputs);
  return parts.flatMap((part) => part(module));
}
