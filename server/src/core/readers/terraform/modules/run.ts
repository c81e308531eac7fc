import type { Budget } from '../../../text/regular/run';
import type { ReaderInput } from '../../reader';
import type { TerraformModule } from './definition';

/** What a root module is read with: the other folders and files of the workspace. What is asked for is what its facts hang on. */
export interface Surroundings {
  /** The module in a folder, given by its URI; undefined where the workspace has none there. */
  module(folder: string): TerraformModule | undefined;
  /** The documents of a file of the workspace; undefined where it holds nothing for us, or is not there. */
  file(uri: string): readonly ReaderInput[] | undefined;
  /** Among how many root modules the work is shared, roughly. */
  readonly share: number;
}

/** Nothing around: a file that is looked at by itself. */
export const nowhere: Surroundings = { module: () => undefined, file: () => undefined, share: 1 };

/** How much is evaluated for one root module, whatever stands in it; past it, what is left is unknown. */
const limits = {
  /** Expressions, whatever they are: of one root module, and of all of them together, for many may call the same one. */
  steps: 100_000,
  allSteps: 3_000_000,
  /** More of them for each character of the root module's own files. */
  stepsPerCharacter: 5,
  /** Instances of modules, and instances of blocks in one of them. */
  modules: 1_000,
  instances: 5_000,
  /** Modules called by modules. */
  depth: 16,
  /** Expressions one within another, over all that is referred to. */
  nesting: 400,
  regular: 3_000_000,
} as const;

/** The reading of one root module: where it stands, and what may still be spent on it. */
export class Run {
  readonly steps: Budget;
  readonly modules: Budget = { left: limits.modules };
  readonly instances: Budget = { left: limits.instances };
  /** What the regular expressions of all its files may cost together. */
  readonly regularSteps: Budget = { left: limits.regular };
  readonly mostDepth = limits.depth;
  private nesting = 0;

  /** @param root URI of the root module's folder */
  constructor(
    readonly root: string,
    readonly surroundings: Surroundings,
    length: number,
  ) {
    const all = Math.min(limits.steps, limits.allSteps / surroundings.share) + limits.stepsPerCharacter * length;
    this.steps = { left: all };
    this.instances = { left: limits.instances + Math.ceil(length / 20) };
  }

  /** Takes steps; false where none are left. */
  take(steps = 1): boolean {
    return (this.steps.left -= steps) >= 0;
  }

  /** Runs one evaluation within another; undefined where they are too deep, or nothing may be spent any more. */
  within<T>(evaluate: () => T): T | undefined {
    if (this.nesting >= limits.nesting || !this.take()) return undefined;
    this.nesting++;
    try {
      return evaluate();
    } finally {
      this.nesting--;
    }
  }
}
