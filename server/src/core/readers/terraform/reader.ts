import type { GroupReader } from '../reader';
import type { TerraformModule } from './modules/definition';
import { folderOf, resolveUri } from './modules/folders';
import { terraformReading } from './port';

/** The key of the group of a folder, given without a slash at its end. */
function keyOf(folder: string): string {
  return `terraform ${folder}`;
}

/** Calls of other folders, found without parsing: `source = "../modules/app"`, the same in JSON. */
const localSources = /\bsource"?[ \t]*[=:][ \t]*"(\.\.?(?:\/[^"\n$]*)?)"/g;

/** Terraform and OpenTofu: all files of a folder are one module, and a folder that calls others is read with them. */
export const terraformReader: GroupReader<TerraformModule | undefined> = {
  id: 'terraform',
  words: ['pod[-_]identity', 'openid_connect', 'fargate_profile'],
  files: { endings: ['tf', 'tofu', 'tfvars', 'tf.json'], whole: true },
  groupOf: (uri, syntax) => (syntax === 'hcl' || (syntax === 'json' && /\.tf\.json$/i.test(uri)) ? keyOf(folderOf(uri)) : undefined),
  mentions(uri, text) {
    const folder = folderOf(uri);
    return Array.from(text.matchAll(localSources), ([, path]) => resolveUri(folder, path!)).flatMap((each) =>
      each === undefined ? [] : [keyOf(each)],
    );
  },
  prepare: (inputs) => terraformReading()?.prepare(inputs),
  standsAlone: (module) => module?.isRoot === true,
  uses: (module) => module?.calledFolders.map(keyOf) ?? [],
  read: (module, groups) =>
    (module &&
      terraformReading()?.read(
        module,
        { share: groups.share, file: (uri) => groups.file(uri), prepared: (key) => groups.prepared(key) },
        keyOf,
      )) ??
    [],
  readExample: (input) => terraformReading()?.readExample(input) ?? [],
};
