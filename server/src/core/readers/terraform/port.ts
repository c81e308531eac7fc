import type { Fact } from '../../model/facts';
import type { Node } from '../../syntax/tree';
import type { Groups, ReaderInput } from '../reader';
import type { TerraformModule } from './modules/definition';

/** What reads Terraform once it is loaded: it comes with the parser of HCL, and only where a Terraform file matters (reading.ts). */
export interface TerraformReading {
  prepare(inputs: readonly ReaderInput[]): TerraformModule;
  /** The facts of a root module and of all that it calls; `keyOf` gives the group of a folder. */
  read(module: TerraformModule, groups: Groups<TerraformModule>, keyOf: (folder: string) => string): readonly Fact[];
  readExample(input: ReaderInput): readonly Fact[];
  /** The shapes of one file as nodes, for completion. */
  shapesOf(input: ReaderInput): Iterable<Node>;
}

let reading: TerraformReading | undefined;

export function setTerraformReading(loaded: TerraformReading): void {
  reading = loaded;
}

/** What reads Terraform, where it is here. */
export function terraformReading(): TerraformReading | undefined {
  return reading;
}
