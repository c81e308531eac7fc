import { Sayings } from '../shared/saying';
import type { Fact } from '../../model/facts';
import type { ReaderInput } from '../reader';
import { TerraformModule } from './modules/definition';
import { ModuleInstance } from './modules/instance';
import { readReleaseModules } from './modules/releaseModules';
import { readRoleModules } from './modules/roleModules';
import { nowhere, type Surroundings } from './modules/run';
import { readAddons } from './resources/addons';
import { readAssociations } from './resources/associations';
import { readEks } from './resources/eks';
import { readHelm } from './resources/helm';
import { readKubernetes } from './resources/kubernetes';
import { readRolePolicies } from './resources/rolePolicies';
import { readRoles } from './resources/roles';

/** What is read of a module, one function a kind of thing. */
const parts: readonly ((module: ModuleInstance) => readonly Fact[])[] = [
  readRoles,
  readRolePolicies,
  readRoleModules,
  readReleaseModules,
  readEks,
  readAssociations,
  readAddons,
  readKubernetes,
  readHelm,
];

/** What a root module deploys: its own facts, and those of every module that it calls, each in the document where it is written. */
export function readRoot(definition: TerraformModule, surroundings: Surroundings): readonly Fact[] {
  const facts: Fact[] = [];
  for (const module of ModuleInstance.root(definition, surroundings).all()) for (const part of parts) for (const fact of part(module)) facts.push(fact); // prettier-ignore
  const deployedBy = [`terraform ${definition.folder}`];
  return merged(withoutTaken(facts)).map((fact) => ({ ...fact, deployedBy }));
}

/** The facts of an example in documentation: a module by itself, and no other example is the same. */
export function readExample(input: ReaderInput): readonly Fact[] {
  return readRoot(new TerraformModule([input], `${input.doc.uri}#${input.doc.index}`), nowhere);
}

/** A policy that a role takes in another module is no policy without a role. */
function withoutTaken(facts: readonly Fact[]): readonly Fact[] {
  const taken = new Set<string>();
  for (const fact of facts) if (fact.kind === 'trustPolicy' && fact.roleIds) taken.add(placeOf(fact));
  return facts.filter((fact) => fact.kind !== 'trustPolicy' || fact.roleIds !== undefined || !taken.has(placeOf(fact)));
}

function placeOf({ doc, span }: Fact): string {
  return `${doc.uri} ${doc.index} ${span.start}`;
}

/** Facts of several instances that say the same, once; the roles of one policy together. */
function merged(facts: readonly Fact[]): Fact[] {
  const places = new Map<string, number>();
  for (const fact of facts) places.set(placeOf(fact), (places.get(placeOf(fact)) ?? 0) + 1);
  const found = new Map<string, { readonly fact: Fact; roleIds?: Set<string> }>();
  const sayings = new Sayings();
  for (const [i, fact] of facts.entries()) {
    // What stands alone at its place is like no other.
    if (places.get(placeOf(fact)) === 1) {
      found.set(String(i), { fact });
      continue;
    }
    const key = sayings.of(fact, { roleIds: true });
    const before = found.get(key);
    if (!before) found.set(key, { fact });
    else if (before.fact.kind === 'trustPolicy' && fact.kind === 'trustPolicy' && fact.roleIds) {
      before.roleIds ??= new Set(before.fact.roleIds);
      for (const id of fact.roleIds) before.roleIds.add(id);
    }
  }
  return Array.from(found.values(), ({ fact, roleIds }) =>
    fact.kind === 'trustPolicy' && roleIds ? { ...fact, roleIds: [...roleIds] } : fact,
  );
}
