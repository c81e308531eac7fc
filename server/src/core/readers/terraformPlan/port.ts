import type { Fact } from '../../model/facts';
import type { parseEmbedded } from '../../syntax/embedded';
import type { ReaderInput } from '../reader';
import type { readHelmValues } from '../shared/helmRelease';
import type { mergeHelmValues } from '../shared/helmValues';
import type { readTrustPolicies } from '../trustPolicy';

/** What plans are read with, of what other formats are read with, too. */
export interface PlanTools {
  readonly parseEmbedded: typeof parseEmbedded;
  readonly readTrustPolicies: typeof readTrustPolicies;
  readonly readManifests: (input: ReaderInput) => readonly Fact[];
  readonly mergeHelmValues: typeof mergeHelmValues;
  readonly readHelmValues: typeof readHelmValues;
}

/** The module that reads Terraform's plans and states; see library.ts. */
export interface PlanLibrary {
  /** Pure; never throws for any tree. */
  factsOfPlan(input: ReaderInput, tools: PlanTools): readonly Fact[];
}

let load: (() => PlanLibrary) | undefined;
let library: PlanLibrary | undefined;

/** Says how the library is loaded, which is done for the first plan: few workspaces have one. Each program calls this once. */
export function setPlanLibrary(loader: () => PlanLibrary): void {
  load = loader;
  library = undefined;
}

/** The library, loaded. @throws {Error} where no program said how: a mistake of ours, not of a text. */
export function planLibrary(): PlanLibrary {
  if (!load) throw new Error('setPlanLibrary was not called');
  return (library ??= load());
}
