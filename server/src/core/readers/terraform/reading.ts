import { TerraformModule } from './modules/definition';
import type { TerraformReading } from './port';
import { readExample, readRoot } from './readModule';
import { shapesOf } from './shapes';

/** All that reads Terraform: a part of dist/hcl.js. */
export const reading: TerraformReading = {
  prepare: (inputs) => new TerraformModule(inputs),
  read: (module, groups, keyOf) =>
    readRoot(module, {
      module: (folder) => groups.prepared(keyOf(folder)),
      file: (uri) => groups.file(uri),
      share: groups.share,
    }),
  readExample,
  shapesOf,
};
