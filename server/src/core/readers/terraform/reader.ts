import type { GroupReader } from '../reader';
import { readModule } from './readModule';

/** Terraform and OpenTofu: all files of a folder are one module. */
export const terraformReader: GroupReader = {
  id: 'terraform',
  words: ['pod[-_]identity', 'openid_connect'],
  files: { endings: ['tf', 'tofu', 'tfvars', 'tf.json'], whole: true },
  groupOf: (uri, syntax) =>
    syntax === 'hcl' || (syntax === 'json' && /\.tf\.json$/i.test(uri)) ? `terraform ${uri.slice(0, uri.lastIndexOf('/') + 1)}` : undefined,
  read: readModule,
};
