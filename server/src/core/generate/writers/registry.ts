import { ackWriter } from './ack';
import { awsCliWriter } from './awsCli';
import { cloudformationWriter } from './cloudformation';
import { crossplaneWriter } from './crossplane';
import { eksctlWriter } from './eksctl';
import { manifestsWriter } from './manifests';
import { terraformWriter } from './terraform';
import type { Writer } from './writer';

/** Every format that can be written. To add one: one file, one line here. */
export const writers: readonly Writer[] = [
  manifestsWriter,
  awsCliWriter,
  terraformWriter,
  cloudformationWriter,
  eksctlWriter,
  ackWriter,
  crossplaneWriter,
];
