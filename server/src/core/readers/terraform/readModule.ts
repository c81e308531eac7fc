import type { Fact } from '../../model/facts';
import type { ReaderInput } from '../reader';
import { readEks } from './eks';
import { readHelm } from './helm';
import { readKubernetes } from './kubernetes';
import { TerraformModule } from './module';
import { readRoleModules } from './roleModules';
import { readRolePolicies } from './rolePolicies';
import { readRoles } from './roles';

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
